import type { MediaDescription, SessionDescription } from '../description.ts';
import { attribute, attributes, hasAttribute } from '../lenses/attributes.ts';
import { bundleGroups, transportMedia } from '../lenses/bundle.ts';
import { codecs, isRtp } from '../lenses/codecs.ts';
import { direction, receives, sends } from '../lenses/direction.ts';
import { dtlsRole, fingerprints } from '../lenses/dtls.ts';
import { iceCredentials } from '../lenses/ice.ts';
import { usesDtls } from '../lint/dtls-rules.ts';
import { doubtful, isActive, type LintSubject, wrong } from '../lint/subject.ts';

/** Both m-sections of one place, and where findings go: places are in the answer. */
export interface AnswerPair {
  readonly offer: SessionDescription;
  readonly offered: MediaDescription;
  readonly answer: LintSubject;
  readonly answered: MediaDescription;
  readonly index: number;
}

/** Transport protocol, rejection, direction (RFC 3264 section 6). */
export function checkBasics(pair: AnswerPair): void {
  const { offer, offered, answer, answered, index } = pair;
  if (!isActive(offered) && isActive(answered)) {
    const message = 'the m-section was offered with port 0 and must be answered with port 0';
    answer.add(wrong('rejected-answered', 'RFC 3264 section 8.2', message), index, 0);
  }
  if (!isActive(answered) || !isActive(offered)) return;
  if (answered.protocol !== offered.protocol) {
    const lost = usesDtls(offered) && !usesDtls(answered);
    const message = `${offered.protocol} was offered and ${answered.protocol} answered`;
    if (lost) answer.add(wrong('dtls-missing', 'RFC 8827 section 6.5', message), index, 0);
    else answer.add(wrong('protocol-changed', 'RFC 3264 section 6', message), index, 0);
  }
  const asked = direction(offered, offer.session);
  const given = direction(answered, answer.description.session);
  if ((sends(given) && !receives(asked)) || (receives(given) && !sends(asked))) {
    const message = `${asked} was offered, so ${given} is no answer`;
    answer.addAt(wrong('direction-answer', 'RFC 3264 section 6.1', message), index, given);
  }
}

/** Formats: only what was offered, under the offered payload types (RFC 3264 section 6.1). */
export function checkFormats(pair: AnswerPair): void {
  const { offered, answer, answered, index } = pair;
  if (!isRtp(answered) || !isRtp(offered) || !isActive(answered)) return;
  // Names and clocks are keys, so that thousands of formats cost no comparison of all with all.
  const key = (codec: { name: string; clockRate: number; channels: number }) =>
    `${codec.name.toLowerCase()}/${codec.clockRate}/${codec.channels}`;
  const typesOf = new Map<string, Set<number>>();
  const byType = new Map<number, string>();
  for (const codec of codecs(offered)) {
    const name = key(codec);
    const types = typesOf.get(name) ?? new Set();
    typesOf.set(name, types.add(codec.payloadType));
    byType.set(codec.payloadType, name);
  }
  const clause = 'RFC 3264 section 6.1';
  for (const codec of codecs(answered)) {
    const name = key(codec);
    const type = codec.payloadType;
    const types = typesOf.get(name);
    if (types?.has(type)) continue;
    const meant = byType.get(type);
    if (meant !== undefined) {
      const message = `payload type ${type} was offered as ${meant} and is answered as ${name}`;
      answer.add(wrong('payload-type-changed', clause, message), index, 0);
    } else if (types === undefined) {
      answer.add(wrong('codec-not-offered', clause, `${name} (${type}) was not offered`), index, 0);
    } else {
      const message = `${name} was offered as payload type ${[...types].join(', ')} and is answered as ${type}`;
      answer.add(doubtful('payload-type-differs', clause, message), index, 0);
    }
  }
  checkExtensions(pair);
}

function checkExtensions(pair: AnswerPair): void {
  const { offer, offered, answer, answered, index } = pair;
  const uris = new Map<string, Set<number>>();
  const choosable = new Set<string>();
  for (const { uri, id } of [...attributes(offer.session, 'extmap'), ...attributes(offered, 'extmap')]) {
    uris.set(uri, (uris.get(uri) ?? new Set()).add(id));
    // An id from 4096 up in an offer asks for one to be chosen (RFC 8285 section 7).
    if (id >= 4096) choosable.add(uri);
  }
  answered.lines.forEach((line, at) => {
    if (line.kind !== 'extmap') return;
    const { uri, id } = line.value;
    const ids = uris.get(uri);
    if (ids?.has(id) || choosable.has(uri)) return;
    const message =
      ids === undefined
        ? `header extension ${uri} was not offered`
        : `header extension ${uri} was offered with id ${[...ids].slice(0, 3).join(', ')} and is answered with ${id}`;
    answer.add(wrong('extmap-answer', 'RFC 8285 section 7', message), index, at);
  });
}

/** The DTLS role must be settled by the answer (RFC 8842 section 5.3). */
export function checkRole(pair: AnswerPair): void {
  const { offer, offered, answer, answered, index } = pair;
  if (!isActive(answered) || !usesDtls(answered)) return;
  const { description } = answer;
  const carrier = answer.transport(index);
  const role = dtlsRole(description, answered) ?? dtlsRole(description, carrier);
  const asked =
    dtlsRole(offer, offered) ?? dtlsRole(offer, transportMedia(offer, index) ?? offered) ?? 'active';
  const clause = 'RFC 8842 section 5.3';
  if (role === 'actpass') {
    const message = 'the answer says actpass: both sides wait and no ClientHello is sent';
    const own = hasAttribute(answered, 'setup');
    answer.addAt(wrong('dtls-actpass-answer', clause, message), own ? index : -1, 'setup');
  } else if (role !== undefined && role !== 'holdconn' && role === asked) {
    const message = `both sides say ${role}`;
    answer.addAt(wrong('dtls-role-conflict', clause, message), index, 'setup');
  }
  if (fingerprints(description, answered).length === 0 && fingerprints(description, carrier).length === 0) {
    answer.add(wrong('dtls-missing', 'RFC 8122 section 5', 'the answer has no fingerprint'), index, 0);
  }
}

/** rtcp-mux and ICE of the answer. */
export function checkTransportAnswer(pair: AnswerPair): void {
  const { offer, offered, answer, answered, index } = pair;
  if (!isActive(answered)) return;
  const offeredMux = hasAttribute(offered, 'rtcp-mux');
  const answeredMux = hasAttribute(answered, 'rtcp-mux');
  if (isRtp(answered) && offeredMux && !answeredMux) {
    const only = hasAttribute(offered, 'rtcp-mux-only') || answer.profile === 'webrtc';
    const message = 'rtcp-mux was offered and not answered: a browser with the policy `require` rejects this';
    const statement = only ? wrong : doubtful;
    answer.add(
      statement('sip-no-rtcp-mux', 'RFC 5761 section 5.1.1, RFC 8834 section 4.5', message),
      index,
      0,
    );
  } else if (answeredMux && !offeredMux) {
    const message = 'rtcp-mux is answered and was not offered';
    answer.addAt(wrong('rtcp-mux-not-offered', 'RFC 5761 section 5.1.1', message), index, 'rtcp-mux');
  }
  const offeredIce = iceCredentials(offer, transportMedia(offer, index) ?? offered) !== undefined;
  const answeredIce = iceCredentials(answer.description, answer.transport(index)) !== undefined;
  if (offeredIce && !answeredIce) {
    const statement = answer.profile === 'webrtc' ? wrong : doubtful;
    const message = 'ICE was offered and the answer has no credentials';
    answer.add(statement('ice-missing', 'RFC 8839 section 4.2.2', message), index, 0);
  }
}

/** Simulcast of the answer: directions reversed, streams among the offered (RFC 8853 section 5.3.2). */
export function checkSimulcastAnswer(pair: AnswerPair): void {
  const { offered, answer, answered, index } = pair;
  const given = attribute(answered, 'simulcast');
  if (given === undefined || !isActive(answered)) return;
  const asked = attribute(offered, 'simulcast');
  const allowed = {
    send: new Set((asked?.recv ?? []).flat().map(({ id }) => id)),
    recv: new Set((asked?.send ?? []).flat().map(({ id }) => id)),
  };
  for (const side of ['send', 'recv'] as const) {
    const foreign = (given[side] ?? []).flat().filter(({ id }) => !allowed[side].has(id));
    if (foreign.length === 0) continue;
    const message = `simulcast ${side} names streams nobody offered: ${foreign.map(({ id }) => id).join(', ')}`;
    answer.addAt(wrong('simulcast-answer', 'RFC 8853 section 5.3.2', message), index, 'simulcast');
  }
}

/** BUNDLE of the answer against the offer's (RFC 9143 section 7.3). */
export function checkBundleAnswer(offer: SessionDescription, answer: LintSubject): void {
  const offeredGroups = bundleGroups(offer);
  const answeredGroups = bundleGroups(answer.description);
  const offered = new Set(offeredGroups.flat());
  for (const mid of answeredGroups.flat()) {
    if (offered.has(mid)) continue;
    const message = `mid ${mid} is in the answer's BUNDLE group and not in the offer's`;
    answer.addAt(wrong('bundle-answer', 'RFC 9143 section 7.3.1', message), -1, 'group');
  }
  if (offered.size === 0 || answeredGroups.length > 0) return;
  const kept = answer.activeMedia().filter(([media]) => offered.has(attribute(media, 'mid') ?? ''));
  if (kept.length === 0) return;
  const [, index] = kept.at(-1)!;
  const several = kept.length > 1;
  const message = several
    ? 'a=group is gone and the mids are kept: only the first m-section has a transport'
    : 'a=group is gone and the mid is kept';
  const statement = several ? wrong : doubtful;
  answer.addAt(statement('sip-group-stripped', 'RFC 9143 section 7.3', message), index, 'mid');
}
