/**
 * What no XEP defines and stanza (npm) writes and reads nonetheless: media-level `a=msid` as `<stream/>`, and
 * `a=rtcp-rsize` as `<rtcp-reduced-size/>`. Who does not know them passes them over, as XMPP wants. They are always read,
 * and written only where asked for: without, both are dropped, by name.
 */
export type JingleExtension = 'msid' | 'rtcp-rsize';

export const JINGLE_EXTENSIONS: readonly JingleExtension[] = ['msid', 'rtcp-rsize'];
