import {
  type AttributeName,
  attribute,
  bundleGroups,
  hasAttribute,
  iceCredentials,
  type LazyDescription,
  lineFrom,
  type MediaDescription,
  mapMedia,
  open,
  replaceLine,
  type Section,
  type SessionDescription,
  withAttribute,
  withMediaLine,
  withSession,
  write,
} from '@crosspoint/sdp';

/** What a browser wants in an m-section and a phone may say for the session alone. */
const SPREAD = ['fingerprint', 'setup', 'ice-ufrag', 'ice-pwd'] as const satisfies readonly AttributeName[];
const DTLS = 'UDP/TLS/RTP/SAVPF';

/**
 * A WebRTC-capable phone's description as a browser takes it. Pure; `answers` is the browser's offer where this is its
 * answer, and `known` the browser's last description where this is an offer in the call: its mids stay as they are.
 * `role` is the phone's in the DTLS association that there is, which a re-offer does not change (RFC 8842 section 5.5).
 */
export function fromWebrtcPhone(
  lazy: LazyDescription,
  answers: SessionDescription | undefined,
  known?: SessionDescription,
  role: 'active' | 'passive' = 'passive',
): LazyDescription {
  const before = answers ?? known;
  let description = lazy.typed();
  const { session } = description;
  const taken = new Set(description.media.map((media) => attribute(media, 'mid')));
  description = mapMedia(description, (media, index) => {
    let section = withTransport(trimmed(media), session);
    section = withProtocol(section, answers?.media[index]);
    section = withFormats(section, before?.media[index]);
    return withMid(section, before?.media[index], index, taken);
  });
  // Who offers to be either is to begin: linphone, as DTLS server, does not take a browser's ClientHello, which is longer
  // than one datagram.
  if (before === undefined) description = withRoles(description, 'active');
  if (answers !== undefined) description = withRoles(description, role);
  return open(write(grouped(withSession(description, trimmed), answers)));
}

/** Without spaces at the ends of lines (RFC 8866 section 5: they belong to the value). */
function trimmed<S extends Section>(section: S): S {
  let result = section;
  section.lines.forEach((line, at) => {
    if (!/[ \t]+\r?\n?$/.test(line.raw) || line.kind === 's' || line.kind === 'blank') return;
    result = replaceLine(result, at, lineFrom(line.raw.replace(/[ \t]+(\r?\n?)$/, '$1')));
  });
  return result;
}

function withTransport(media: MediaDescription, session: Section): MediaDescription {
  if (media.port === 0) return media;
  let section = media;
  for (const name of SPREAD) {
    const value = attribute(session, name);
    if (value !== undefined && !hasAttribute(section, name)) section = withAttribute(section, name, value);
  }
  return section;
}

/** DTLS-SRTP by whatever name, as browsers call it; in an answer as they offered it. */
function withProtocol(media: MediaDescription, offered: MediaDescription | undefined): MediaDescription {
  const isDtls =
    media.protocol === 'UDP/TLS/RTP/SAVP' ||
    (/^RTP\/SAVPF?$/.test(media.protocol) && hasAttribute(media, 'fingerprint'));
  const wanted = offered?.protocol ?? (isDtls ? DTLS : media.protocol);
  if (media.protocol === wanted || (!isDtls && media.port !== 0)) return media;
  return withMediaLine(media, { protocol: wanted });
}

/**
 * A refused m-section needs some format (RFC 3264 section 6), and phones write `0`. Firefox does not read that for a
 * data channel, and linphone's next offer calls that audio: what was said before stands there.
 */
function withFormats(media: MediaDescription, before: MediaDescription | undefined): MediaDescription {
  const format = before?.formats[0];
  if (media.port !== 0 || before === undefined || format === undefined) return media;
  const isAsBefore = media.media === before.media && before.formats.includes(media.formats[0] ?? '');
  if (isAsBefore) return media;
  return withMediaLine(media, { media: before.media, protocol: before.protocol, formats: [format] });
}

function withMid(
  media: MediaDescription,
  offered: MediaDescription | undefined,
  index: number,
  taken: ReadonlySet<string | undefined>,
): MediaDescription {
  if (offered !== undefined) {
    const mid = attribute(offered, 'mid');
    return mid === undefined || attribute(media, 'mid') === mid ? media : withAttribute(media, 'mid', mid);
  }
  if (hasAttribute(media, 'mid')) return media;
  let mid = String(index);
  while (taken.has(mid)) mid = `p${mid}`;
  return withAttribute(media, 'mid', mid);
}

/**
 * Settles a DTLS role that was left open. An answer that says actpass leaves both sides waiting: the browser is then told to begin,
 * for who can be either must take a ClientHello (RFC 8842 section 5.3, RFC 5763 section 5).
 */
function withRoles(description: SessionDescription, role: 'active' | 'passive'): SessionDescription {
  const settle = <S extends Section>(section: S): S =>
    attribute(section, 'setup') === 'actpass' ? withAttribute(section, 'setup', role) : section;
  return mapMedia(withSession(description, settle), settle);
}

/** A BUNDLE group, where all m-lines in use do share one transport: a browser then needs no second one. */
function grouped(
  description: SessionDescription,
  answers: SessionDescription | undefined,
): SessionDescription {
  if (bundleGroups(description).length > 0) return description;
  const active = description.media.filter(({ port }) => port !== 0);
  const shared = new Set(active.map((media) => iceCredentials(description, media)?.ufrag));
  const ports = new Set(active.map(({ port }) => port));
  if (active.length === 0 || (active.length > 1 && (shared.size > 1 || ports.size > 1))) return description;
  const offered = answers === undefined ? undefined : new Set(bundleGroups(answers).flat());
  const mids = active.map((media) => attribute(media, 'mid')).filter((mid) => mid !== undefined);
  const kept = mids.filter((mid) => offered === undefined || offered.has(mid));
  if (kept.length === 0) return description;
  return withSession(description, (session) =>
    withAttribute(session, 'group', { semantics: 'BUNDLE', mids: kept }),
  );
}
