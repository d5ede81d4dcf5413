import {
  attribute,
  codecs,
  direction,
  fingerprints,
  iceCredentials,
  type MediaDescription,
  mediaIndexOf,
  receives,
  type SessionDescription,
  sameFingerprints,
  sends,
} from '@crosspoint/sdp';
import { type CallReading, complaintsAbout } from './call-reading.ts';
import { type Crossing, offerOf, previousOf } from './crossing.ts';
import { changeLines, placeWords } from './rule-findings.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

interface Altered {
  readonly cause: string;
  readonly clause: string;
  readonly words: string;
}

/** What the server changed in a description that breaks no rule of SDP and yet the call. */
export function suspectAlterations(reading: CallReading): Suspicion[] {
  return reading.relevant.flatMap((crossing) => {
    const { sentTyped, gotTyped } = crossing;
    if (sentTyped === undefined || gotTyped === undefined || crossing.changes.length === 0) return [];
    const complaints = complaintsAbout(reading.evidence, crossing.sent.author, crossing.got!.entry.at);
    const altered = [
      ...sectionsAltered(sentTyped, gotTyped),
      ...sentTyped.media.flatMap((media, index) =>
        mediaAlterations(reading, crossing, media, pairOf(media, index, gotTyped)),
      ),
    ];
    return altered.map(
      (altered): Suspicion => ({
        ...altered,
        words: `${placeWords(crossing)}: ${altered.words}`,
        hop: 'server',
        seen: [...changeLines(crossing), ...complaints],
        weight: WEIGHT.hop,
      }),
    );
  });
}

function pairOf(
  media: MediaDescription,
  index: number,
  got: SessionDescription,
): MediaDescription | undefined {
  const mid = attribute(media, 'mid');
  const place = mid === undefined ? -1 : mediaIndexOf(got, mid);
  return got.media[place < 0 ? index : place];
}

// None left is a case of its own, which the rules know.
function sectionsAltered(sent: SessionDescription, got: SessionDescription): Altered[] {
  if (got.media.length === sent.media.length || got.media.length === 0) return [];
  return [
    {
      cause: 'm-line-count',
      clause: 'RFC 3264 section 6',
      words: `it has ${got.media.length} m-sections, and its author made ${sent.media.length}`,
    },
  ];
}

function mediaAlterations(
  reading: CallReading,
  crossing: Crossing,
  sent: MediaDescription,
  got: MediaDescription | undefined,
): Altered[] {
  if (got === undefined) return [];
  return [
    // Where it is the scenario's own doing it is what was to be refused, and no cause.
    ...(reading.check.id === 'fingerprint-refused' ? [] : fingerprintAltered(crossing, sent, got)),
    ...refusedOnTheWay(crossing, sent, got),
    ...directionAltered(reading, crossing, sent, got),
    ...restartUndone(reading, crossing, sent, got),
    ...codecRenamed(reading, crossing, sent, got),
    ...candidatesRemoved(sent, got),
    ...eventClockAltered(sent, got),
  ];
}

/** Telephone-events at another clock than the codecs that they stand beside. */
function eventClockAltered(sent: MediaDescription, got: MediaDescription): Altered[] {
  const clocks = (media: MediaDescription): number[] =>
    codecs(media)
      .filter(({ name }) => name.toLowerCase() === 'telephone-event')
      .map(({ clockRate }) => clockRate)
      .sort((a, b) => a - b);
  const [before, after] = [clocks(sent), clocks(got)];
  const speech = new Set(
    codecs(got)
      .filter(({ name }) => !/^(telephone-event|CN)$/i.test(name))
      .map(({ clockRate }) => clockRate),
  );
  const wrong = after.filter((clock, at) => clock !== before[at] && !speech.has(clock));
  return wrong.length === 0
    ? []
    : [
        {
          cause: 'te-clock',
          clause: 'RFC 4733 section 2.1',
          words: `its telephone-events are at ${wrong.join(' and ')} Hz, which no codec beside them has: digits are lost, or last too long`,
        },
      ];
}

function fingerprintAltered(crossing: Crossing, sent: MediaDescription, got: MediaDescription): Altered[] {
  const before = fingerprints(crossing.sentTyped!, sent);
  const after = fingerprints(crossing.gotTyped!, got);
  if (before.length === 0 || after.length === 0 || sameFingerprints(before, after)) return [];
  return [
    {
      cause: 'dtls-fingerprint-wrong',
      clause: 'RFC 8827 section 6.5',
      words: `its fingerprint is not the one that the ${crossing.sent.author} gave: DTLS must refuse the certificate`,
    },
  ];
}

function refusedOnTheWay(crossing: Crossing, sent: MediaDescription, got: MediaDescription): Altered[] {
  if (sent.port === 0 || got.port !== 0) return [];
  const kind = sent.media === 'application' ? 'data' : sent.media;
  return [
    {
      cause: `${kind}-refused`,
      clause: 'RFC 3264 section 6',
      words: `its ${sent.media} has port 0, and the ${crossing.sent.author} had taken it`,
    },
  ];
}

function directionAltered(
  reading: CallReading,
  crossing: Crossing,
  sent: MediaDescription,
  got: MediaDescription,
): Altered[] {
  const before = direction(sent, crossing.sentTyped!.session);
  const after = direction(got, crossing.gotTyped!.session);
  const lost = (sends(before) && !sends(after)) || (receives(before) && !receives(after));
  if (!lost || crossing.sent.role !== 'answer') return [];
  const words = `its ${sent.media} says ${after} where the ${crossing.sent.author} had said ${before}`;
  const clause = 'RFC 3264 section 6.1';
  if (crossing.exchange === 1) return [{ cause: 'one-way-audio', clause, words }];
  if (restarts(reading, crossing)) {
    return [{ cause: 'audio-lost-after-restart', clause: `RFC 8445 section 9, ${clause}`, words }];
  }
  return [{ cause: 'hold-no-return', clause: 'RFC 3264 section 8.4', words }];
}

function restarts(reading: CallReading, crossing: Crossing): boolean {
  const before = previousOf(crossing, reading.crossings)?.sentTyped;
  const now = crossing.sentTyped;
  if (before?.media[0] === undefined || now?.media[0] === undefined) return false;
  return iceCredentials(before, before.media[0])?.ufrag !== iceCredentials(now, now.media[0])?.ufrag;
}

function restartUndone(
  reading: CallReading,
  crossing: Crossing,
  sent: MediaDescription,
  got: MediaDescription,
): Altered[] {
  if (!restarts(reading, crossing)) return [];
  const mine = iceCredentials(crossing.sentTyped!, sent);
  const theirs = iceCredentials(crossing.gotTyped!, got);
  if (mine === undefined || theirs === undefined || mine.ufrag === theirs.ufrag) return [];
  return [
    {
      cause: 'ice-restart-ignored',
      clause: 'RFC 8445 section 9, XEP-0176 section 5.7',
      words: `the ${crossing.sent.author} has new ICE credentials (${mine.ufrag}), and the old ones (${theirs.ufrag}) were passed on`,
    },
  ];
}

// A payload type that was offered as one codec, answered as the same, and passed on under another's name.
function codecRenamed(
  reading: CallReading,
  crossing: Crossing,
  sent: MediaDescription,
  got: MediaDescription,
): Altered[] {
  const before = codecs(sent);
  const after = new Map(codecs(got).map((codec) => [codec.payloadType, codec]));
  const renamed = before.filter((codec) => {
    const now = after.get(codec.payloadType);
    return now !== undefined && now.name.toLowerCase() !== codec.name.toLowerCase();
  });
  const first = renamed[0];
  if (first === undefined) return [];
  const now = after.get(first.payloadType)!;
  // Two that changed places are the well-known lie; one that took another's name is told by its own.
  const exchanged = renamed.some((codec) => codec.name.toLowerCase() === now.name.toLowerCase());
  const offer = offerOf(crossing, reading.crossings);
  return [
    {
      cause: exchanged ? 'codec-lie' : `codec-lie-${first.name.toLowerCase()}`,
      clause: 'RFC 3264 section 6.1',
      words: `payload type ${first.payloadType} is called ${now.name}, and the ${crossing.sent.author} means ${first.name}${offer === undefined ? '' : ', as it was offered'}`,
    },
  ];
}

function candidatesRemoved(sent: MediaDescription, got: MediaDescription): Altered[] {
  const count = (media: MediaDescription): number =>
    media.lines.filter((line) => line.kind === 'candidate').length;
  if (count(sent) === 0 || count(got) > 0) return [];
  return [
    {
      cause: 'ice-no-candidates',
      clause: 'RFC 8839 section 4.2.1.1, RFC 8838 section 4',
      words: `its ${count(sent)} candidates are gone: no pair can be formed with a side that gets none later`,
    },
  ];
}
