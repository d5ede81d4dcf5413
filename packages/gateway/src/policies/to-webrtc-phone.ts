import {
  type AttributeName,
  attribute,
  bundleGroups,
  candidates,
  connectionOf,
  hasAttribute,
  type LazyDescription,
  type MediaDescription,
  mapMedia,
  open,
  rejectMedia,
  type Section,
  type SessionDescription,
  withAttribute,
  withConnection,
  withMediaLine,
  withoutAttribute,
  withoutLines,
  withSession,
  write,
} from '@crosspoint/sdp';

/** What a SIP phone that speaks ICE and DTLS-SRTP is known to need. */
export interface WebrtcPhone {
  /** It takes candidates by INFO (RFC 8840). */
  readonly trickles?: boolean;
  /** Kinds of media it takes; others are offered as refused. All without it. */
  readonly media?: readonly string[];
  /** Attributes that it chokes on, taken out everywhere: for example `extmap`, `ssrc`, `rtcp-xr`. None without it. */
  readonly chokesOn?: readonly AttributeName[];
}

/** The phone's outstanding offer, where the description is the answer to it. */
export type PhoneOffer = SessionDescription | undefined;

/** A browser's description as a WebRTC-capable phone takes it. Pure; `answers` is the phone's offer. */
export function toWebrtcPhone(
  lazy: LazyDescription,
  phone: WebrtcPhone,
  answers: PhoneOffer,
): LazyDescription {
  let description = mapMedia(lazy.typed(), (media, index) => {
    let section = takesMedia(phone, media) ? media : rejectMedia(media);
    section = withoutLines(section, (line) => line.kind === 'candidate' && isLocal(line.value.address));
    if (phone.trickles !== true) section = settled(section);
    const offered = answers?.media[index];
    return offered === undefined ? section : likeOffer(section, offered);
  });
  if (phone.trickles !== true) description = withSession(description, withoutTrickle);
  description = regrouped(description, answers);
  return open(write(without(description, phone.chokesOn ?? [])));
}

const takesMedia = ({ media }: WebrtcPhone, section: MediaDescription): boolean =>
  media === undefined || media.includes(section.media);

const isLocal = (address: string): boolean => /\.local\.?$/i.test(address);

/** All candidates are in: said so, nothing said of trickling, and the default one in its place (RFC 8839 section 4.2.1.2). */
function settled(media: MediaDescription): MediaDescription {
  let section = withoutTrickle(media);
  const all = candidates(section);
  if (all.length === 0) return section;
  if (!hasAttribute(section, 'end-of-candidates'))
    section = withAttribute(section, 'end-of-candidates', true);
  const connection = connectionOf(section);
  if (section.port !== 9 && connection?.address !== '0.0.0.0') return section;
  const first =
    all.find(
      (each) => each.component === 1 && each.transport.toLowerCase() === 'udp' && each.type === 'relay',
    ) ?? all.find((each) => each.component === 1 && each.transport.toLowerCase() === 'udp');
  if (first === undefined) return section;
  const addressType = first.address.includes(':') ? 'IP6' : 'IP4';
  section = withConnection(section, { netType: 'IN', addressType, address: first.address });
  const { port } = first;
  if (hasAttribute(section, 'rtcp')) {
    section = withAttribute(section, 'rtcp', { port, netType: 'IN', addressType, address: first.address });
  }
  return section.port === 0 ? section : withMediaLine(section, { port });
}

function withoutTrickle<S extends Section>(section: S): S {
  const options = attribute(section, 'ice-options');
  if (options === undefined || !options.includes('trickle')) return section;
  const rest = options.filter((option) => option !== 'trickle');
  return rest.length === 0
    ? withoutAttribute(section, 'ice-options')
    : withAttribute(section, 'ice-options', rest);
}

/** An answer says what the phone's offer said, as it said it (RFC 3264 section 6). */
function likeOffer(section: MediaDescription, offered: MediaDescription): MediaDescription {
  let answer =
    section.protocol === offered.protocol ? section : withMediaLine(section, { protocol: offered.protocol });
  const mid = attribute(offered, 'mid');
  answer = mid === undefined ? withoutAttribute(answer, 'mid') : withAttribute(answer, 'mid', mid);
  if (!hasAttribute(offered, 'rtcp-mux')) answer = withoutAttribute(answer, 'rtcp-mux');
  return answer;
}

/** The BUNDLE group without refused m-lines, and in an answer only where the phone offered one (RFC 9143 section 7.3). */
function regrouped(description: SessionDescription, answers: PhoneOffer): SessionDescription {
  const groups = bundleGroups(description);
  if (groups.length === 0) return description;
  const gone = new Set(
    description.media
      .filter((media) => media.port === 0 && !hasAttribute(media, 'bundle-only'))
      .map((media) => attribute(media, 'mid')),
  );
  const offered = answers === undefined ? undefined : new Set(bundleGroups(answers).flat());
  const mids = groups[0]!.filter((mid) => !gone.has(mid) && (offered === undefined || offered.has(mid)));
  return withSession(description, (session) => {
    const rest = withoutAttribute(session, 'group', ({ semantics }) => semantics === 'BUNDLE');
    return mids.length === 0 ? rest : withAttribute(rest, 'group', { semantics: 'BUNDLE', mids });
  });
}

function without(description: SessionDescription, names: readonly AttributeName[]): SessionDescription {
  if (names.length === 0) return description;
  const strip = <S extends Section>(section: S): S =>
    withoutLines(section, (line) => (names as readonly string[]).includes(line.kind));
  return mapMedia(withSession(description, strip), strip);
}
