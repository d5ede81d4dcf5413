import { checkAnswer, checkReoffer, type Finding, lint, type SessionDescription } from '@crosspoint/sdp';
import { type CallReading, complaintsAbout } from './call-reading.ts';
import { type Crossing, offerOf, previousOf } from './crossing.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** Rules whose finding goes by the name of the known case. */
const CAUSES: Readonly<Record<string, string>> = {
  'payload-type-changed': 'codec-lie',
  'codec-not-offered': 'codec-lie',
  'payload-type-remapped': 'codec-lie',
  'no-media': 'offer-zero-media',
  'ice-missing': 'reinvite-no-ice',
};

/**
 * Rules that no call of this kind survives where they are broken. Others (`te-clock`, a payload type that means another
 * codec after a while) are broken in good calls too: they count where the reader complained.
 */
const FATAL: ReadonlySet<string> = new Set([
  ...['dtls-missing', 'dtls-actpass-answer', 'dtls-role-flip', 'dtls-role-conflict', 'fingerprint-malformed'],
  ...['sip-no-mid', 'sip-mid-renamed', 'sip-group-stripped', 'sip-no-rtcp-mux', 'mid-duplicate'],
  ...['m-line-count', 'm-line-order', 'm-line-removed', 'direction-answer', 'rejected-answered'],
  ...['protocol-changed', 'payload-type-changed', 'codec-not-offered', 'group-mid-unknown', 'bundle-answer'],
  ...['reinvite-no-ice', 'ice-missing', 'ice-pwd-stale', 'ice-ufrag-stale', 'ice-credentials-incomplete'],
  ...['hold-zero', 'no-media', 'trailing-space'],
]);

/** How far a finding goes to explain a failure, where several are made: the more telling first. */
const TELLING: Readonly<Record<string, number>> = {
  'dtls-missing': 3,
  'offer-zero-media': 3,
  'reinvite-no-ice': 3,
  'ice-pwd-stale': 3,
  'dtls-role-flip': 3,
  'sip-no-mid': 2,
  'sip-mid-renamed': 2,
  'm-line-count': 2,
  'hold-zero': 2,
  'm-line-order': 2,
};

/** What the rules of SDP say of a description in its place: alone, as an answer, and after the one before. */
function judged(
  own: SessionDescription,
  role: 'offer' | 'answer',
  offer: SessionDescription | undefined,
  previous: SessionDescription | undefined,
): Finding[] {
  return [
    ...lint(own, { profile: 'webrtc' }),
    ...(role === 'answer' && offer !== undefined ? checkAnswer(offer, own) : []),
    ...(previous !== undefined ? checkReoffer(previous, own) : []),
  ];
}

/** Rules that a description broke: those that its author kept are laid to the server. */
export function suspectRules(reading: CallReading): Suspicion[] {
  return reading.relevant.flatMap((crossing) => suspectOne(reading, crossing));
}

function suspectOne(reading: CallReading, crossing: Crossing): Suspicion[] {
  const { sentTyped, gotTyped, sent } = crossing;
  if (sentTyped === undefined || gotTyped === undefined) return [];
  const offer = sent.role === 'answer' ? offerOf(crossing, reading.crossings) : undefined;
  const previous = previousOf(crossing, reading.crossings);
  // The reader knows its own offer as it sent it, and the author's last description as it got it.
  const asGot = judged(gotTyped, sent.role, offer?.sentTyped, previous?.gotTyped);
  const asSent = judged(sentTyped, sent.role, offer?.gotTyped, previous?.sentTyped);
  const complaints = complaintsAbout(reading.evidence, sent.author, crossing.got!.entry.at);
  const bySender = new Set(asSent.map((finding) => finding.code));
  const suspicions: Suspicion[] = [];
  for (const finding of asGot) {
    const onTheWay = !bySender.has(finding.code);
    const fatal = FATAL.has(finding.code) && (onTheWay || finding.severity === 'error');
    if (!fatal && !onTheWay && complaints.length === 0) continue;
    const cause = CAUSES[finding.code] ?? finding.code;
    if (suspicions.some((each) => each.cause === cause)) continue;
    const hop = onTheWay ? 'server' : sent.author;
    const base = onTheWay ? WEIGHT.brokenOnTheWay : WEIGHT.brokenByAuthor;
    suspicions.push({
      cause,
      clause: finding.clause,
      hop,
      words: `${placeWords(crossing)}: ${finding.message}${onTheWay ? `; the ${sent.author} had sent it right` : ''}`,
      seen: [
        `${crossing.got!.name}, line ${finding.line}: ${finding.message}`,
        ...(onTheWay ? changeLines(crossing) : []),
        ...complaints,
      ],
      weight: base + (TELLING[cause] ?? 0) - (fatal ? 0 : 5) + (complaints.length > 0 ? 1 : 0),
    });
  }
  const onTheWay = suspicions.filter(({ hop }) => hop === 'server');
  return onTheWay.length > 0 ? onTheWay : suspicions;
}

/** `the callee's answer, as the caller got it`. */
export function placeWords(crossing: Crossing): string {
  const { author, role } = crossing.sent;
  const reader = author === 'caller' ? 'callee' : 'caller';
  const again = crossing.exchange === 1 ? '' : 're-';
  return role === 'offer'
    ? `the ${author}'s ${again}offer, as the ${reader} got it`
    : `the ${author}'s answer${crossing.exchange === 1 ? '' : ' to the re-offer'}, as the ${reader} got it`;
}

/** What became of the description at the server, line by line; no more than a person reads. */
export function changeLines(crossing: Crossing): string[] {
  const lines = crossing.changes.map(
    (change) => `${crossing.sent.name} -> ${crossing.got?.name ?? 'nowhere'}: ${change.message}`,
  );
  return lines.length <= MOST
    ? lines
    : [...lines.slice(0, MOST - 1), `and ${lines.length - MOST + 1} more changes`];
}

const MOST = 6;
