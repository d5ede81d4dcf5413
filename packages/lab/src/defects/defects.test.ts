import { open } from '@crosspoint/sdp';
import { clientMessageSchema, parseMessage, type Signal, toSignal } from '@crosspoint/signaling';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../checks/checks.ts';
import { TAMPERED_RECORDINGS } from '../checks/tampered-recordings.ts';
import { recorded } from '../diagnosis/recorded-calls.ts';
import type { Evidence, Side } from '../evidence.ts';
import type { Defect, SeededChange } from './defect.ts';
import { DEFECTS, defectById } from './defects.ts';

interface Said {
  readonly from: Side;
  readonly signal: Signal;
}

/** What two peers really said in a call, as the server got it: before any change. */
function saidIn(evidence: Evidence): Said[] {
  return evidence.trace.flatMap((entry): Said[] => {
    const from = entry.peer;
    if (entry.direction !== 'in' || (from !== 'caller' && from !== 'callee')) return [];
    // What a phone says to its registrar has not come to the hub.
    if (entry.protocol.startsWith('sip')) return [];
    // A phone's signals are written as a page would write them, but for the page's numbers.
    const raw = entry.protocol === 'signal' ? entry.raw.replace('{', '{"seq":1,"ack":0,') : entry.raw;
    const { head, sdp } = parseMessage(clientMessageSchema, raw);
    if (head.type === 'call') return [{ from, signal: { type: 'offer', description: open(sdp ?? '') } }];
    if (head.type === 'accept') {
      // What a phone's leg says stands apart: the answer, then that it was accepted.
      if (sdp === undefined) return [{ from, signal: { type: 'accepted' } }];
      return [
        { from, signal: { type: 'answer', description: open(sdp ?? '') } },
        { from, signal: { type: 'accepted' } },
      ];
    }
    if (!('call' in head)) return [];
    return [{ from, signal: toSignal(head, sdp) }];
  });
}

/** What a defect does: lines that go and come, signals that are lost, and signals that become others. */
interface Effect {
  readonly gone?: readonly RegExp[];
  readonly come?: readonly RegExp[];
  readonly lost?: readonly string[];
  readonly becomes?: readonly string[];
  readonly kept?: readonly string[];
  /** Sections change places: what stays is not in its order. */
  readonly moved?: true;
}

const ANY = /./;
const EFFECTS: Readonly<Record<string, Effect>> = {
  // It is kept back and goes on later: nothing is changed but when.
  'early-lost': { lost: ['answer'], kept: ['answer'] },
  'te-clock': {
    gone: [/^a=rtpmap:\d+ telephone-event\/8000$/],
    come: [/^a=rtpmap:\d+ telephone-event\/16000$/],
  },
  'te-clock-offered': {
    gone: [/^a=rtpmap:\d+ telephone-event\/8000$/],
    come: [/^a=rtpmap:\d+ telephone-event\/16000$/],
  },
  'dtls-missing-answer': {
    gone: [/^a=fingerprint:/, /^a=setup:/, /^m=audio \d+ UDP\/TLS\/RTP\/SAVPF/],
    come: [/^m=audio \d+ RTP\/AVP/],
  },
  'late-offer-ack': {
    gone: [/^a=fingerprint:/, /^a=setup:/, /^m=audio \d+ UDP\/TLS\/RTP\/SAVPF/],
    come: [/^m=audio \d+ RTP\/AVP/],
  },
  'transfer-lost': { lost: ['transfer'] },
  'status-flattened': { becomes: ['end incomplete-number -> end unavailable'] },
  'unavailable-as-unknown': { becomes: ['end unavailable -> end not-found'] },
  'cancel-race': { lost: ['end cancelled'] },
  'sip-no-mid': { gone: [/^a=mid:\d$/, /^a=group:BUNDLE /] },
  'sip-mid-renamed': {
    gone: [/^a=mid:\d$/, /^a=group:BUNDLE 0/],
    come: [/^a=mid:m\d$/, /^a=group:BUNDLE m0/],
  },
  'sip-group-stripped': { gone: [/^a=group:BUNDLE /] },
  'sip-no-rtcp-mux': { gone: [/^a=rtcp-mux$/] },
  'trailing-space': {
    gone: [/^m=(audio|video|application) .*\S$/],
    come: [/^m=(audio|video|application) .*\S {2}$/],
  },
  'm-line-order': { moved: true },
  'm-line-count': { come: [ANY, /^m=audio 0 /, /^a=mid:more199$/] },
  'offer-zero-media': { gone: [ANY, /^m=audio/, /^m=video/, /^m=application/, /^a=group:BUNDLE/] },
  'one-way-audio': { gone: [/^a=sendrecv$/], come: [/^a=recvonly$/] },
  'data-refused': {
    gone: [/^m=application 9 /, /^a=group:BUNDLE 0 1 2$/],
    come: [/^m=application 0 /, /^a=group:BUNDLE 0 1$/],
  },
  'video-refused': {
    gone: [/^m=video [1-9]/, /^a=group:BUNDLE/],
    come: [/^m=video 0 /, /^a=group:BUNDLE/],
  },
  'removal-lost': { lost: ['offer'] },
  'hold-zero': { gone: [/^a=sendonly$/, /^c=IN IP4 /], come: [/^a=sendrecv$/, /^c=IN IP4 0\.0\.0\.0$/] },
  'hold-no-return': { gone: [/^a=sendrecv$/], come: [/^a=inactive$/] },
  'dtls-fingerprint-wrong': {
    gone: [/^a=fingerprint:sha-256 /],
    come: [/^a=fingerprint:sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/],
  },
  'dtls-actpass-answer': { gone: [/^a=setup:active$/], come: [/^a=setup:actpass$/] },
  'dtls-role-flip': { gone: [/^a=setup:active$/], come: [/^a=setup:passive$/] },
  'dtls-missing': {
    gone: [/^a=fingerprint:/, /^a=setup:actpass$/, /^m=(audio|video) 9 UDP\/TLS\/RTP\/SAVPF /],
    come: [/^m=(audio|video) 9 RTP\/AVP /],
  },
  'dtls-fingerprint-unchecked': {},
  'ice-no-candidates': { gone: [/^a=candidate:/] },
  'candidates-early-lost': { lost: ['candidates'] },
  'ice-mdns': { becomes: ['candidates'] },
  'relay-lost': { lost: ['candidates'] },
  'ice-restart-ignored': { gone: [/^a=ice-ufrag:/, /^a=ice-pwd:/], come: [/^a=ice-ufrag:/, /^a=ice-pwd:/] },
  'reinvite-no-ice': { gone: [/^a=ice-ufrag:/, /^a=ice-pwd:/] },
  'audio-lost-after-restart': { gone: [/^a=sendrecv$/], come: [/^a=inactive$/] },
  'codec-lie': {
    moved: true,
    gone: [/^a=rtpmap:\d+ VP8/, /^a=rtpmap:\d+ VP9/],
    come: [/^a=rtpmap:\d+ VP9/, /^a=rtpmap:\d+ VP8/],
  },
  'codec-lie-opus': { moved: true, gone: [/^a=rtpmap:\d+ opus/], come: [/^a=rtpmap:\d+ L16/] },
  'codec-lie-vp8': { moved: true, gone: [/^a=rtpmap:\d+ VP8/], come: [/^a=rtpmap:\d+ VP9/] },
  'codec-lie-pcmu': { moved: true, gone: [/^a=rtpmap:0 PCMU/], come: [/^a=rtpmap:0 PCMA/] },
  'codec-lie-vp9': { moved: true, gone: [/^a=rtpmap:\d+ VP9/], come: [/^a=rtpmap:\d+ VP8/] },
  'codec-lie-pcma': { moved: true, gone: [/^a=rtpmap:8 PCMA/], come: [/^a=rtpmap:8 PCMU/] },
  'codec-lie-h264': { moved: true, gone: [/^a=rtpmap:\d+ H264/], come: [/^a=rtpmap:\d+ VP8/] },
  'codec-lie-g722': { moved: true, gone: [/^a=rtpmap:9 G722/], come: [/^a=rtpmap:9 PCMU/] },
  'codec-lie-av1': { moved: true, gone: [/^a=rtpmap:\d+ AV1/], come: [/^a=rtpmap:\d+ VP8/] },
  'answer-lost': { lost: ['answer'] },
  'accept-lost': { lost: ['accepted'] },
  'bye-lost': { lost: ['end normal'] },
  'hang-up-as-failure': { becomes: ['end normal -> end media-failed'] },
  'cancel-lost': { lost: ['end cancelled'] },
  'reason-lost': { becomes: ['end declined -> end protocol-error'] },
  'cause-wrong': { becomes: ['end busy -> end unavailable'] },
  'no-answer-lost': { lost: ['end no-answer'] },
  'offer-lost': { lost: ['offer'] },
  'glare-unanswered': { lost: ['answer'] },
};

const SEEDED = DEFECTS.filter(
  (defect): defect is Defect & { change: () => SeededChange } => defect.change !== undefined,
);

interface Difference {
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

/** What goes and comes between two texts whose lines keep their order: the rest is the same, line for line. */
function inOrder(before: readonly string[], after: readonly string[]): Difference {
  const width = after.length + 1;
  const common = new Int32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const next = (i + 1) * width + j;
      common[i * width + j] =
        before[i] === after[j] ? common[next + 1]! + 1 : Math.max(common[next]!, common[i * width + j + 1]!);
    }
  }
  const gone: string[] = [];
  const come: string[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      i++;
      j++;
    } else if (
      j >= after.length ||
      (i < before.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
    ) {
      gone.push(before[i++]!);
    } else come.push(after[j++]!);
  }
  return { gone, come };
}

/** What goes and comes where lines may change places. */
function inAnyOrder(before: readonly string[], after: readonly string[]): Difference {
  const missing = (lines: readonly string[], other: readonly string[]): string[] => {
    const left = new Map<string, number>();
    for (const line of other) left.set(line, (left.get(line) ?? 0) + 1);
    return lines.filter((line) => {
      const count = left.get(line) ?? 0;
      if (count > 0) left.set(line, count - 1);
      return count === 0;
    });
  };
  return { gone: missing(before, after), come: missing(after, before) };
}

const nameOf = (signal: Signal): string =>
  signal.type === 'end' ? `end ${signal.reason.code}` : signal.type;

interface Outcome {
  readonly gone: string[];
  readonly come: string[];
  readonly lost: string[];
  readonly becomes: string[];
  /** Signals that were kept back and went on later. */
  readonly kept: string[];
}

function play(change: SeededChange, said: readonly Said[], moved = false): Outcome {
  const outcome: Outcome = { gone: [], come: [], lost: [], becomes: [], kept: [] };
  const earlier: Signal[] = [];
  for (const { from, signal } of said) {
    const given = change(signal, from);
    const after = given.at(-1);
    // What goes before is a signal that was kept back, and nothing new.
    for (const kept of given.slice(0, -1)) {
      expect(earlier).toContain(kept);
      outcome.kept.push(nameOf(kept));
    }
    earlier.push(signal);
    if (after === undefined) outcome.lost.push(nameOf(signal));
    else if (after === signal) continue;
    else if ('description' in signal && 'description' in after) {
      const lines = signal.description.text.split('\r\n');
      const now = after.description.text.split('\r\n');
      const { gone, come } = moved ? inAnyOrder(lines, now) : inOrder(lines, now);
      outcome.gone.push(...gone);
      outcome.come.push(...come);
    } else {
      outcome.becomes.push(
        signal.type === after.type && signal.type !== 'end'
          ? signal.type
          : `${nameOf(signal)} -> ${nameOf(after)}`,
      );
    }
  }
  return outcome;
}

/** Every line is one of those expected, and each of those expected is there. */
function expectLines(lines: readonly string[], wanted: readonly RegExp[] = []): void {
  expect(lines.filter((line) => !wanted.some((each) => each.test(line)))).toEqual([]);
  expect(wanted.filter((each) => !lines.some((line) => each.test(line)))).toEqual([]);
}

function callOf(defect: Defect): Said[] {
  const said = saidIn(recorded(defect.id));
  // Nobody says that the time is up: the call does, to both sides.
  const timeout = (from: Side): Said => ({ from, signal: { type: 'end', reason: { code: 'no-answer' } } });
  return defect.id === 'no-answer-lost' ? [...said, timeout('caller'), timeout('callee')] : said;
}

describe('a defect', () => {
  it.each(SEEDED.map((defect) => [defect.id, defect] as const))(
    '%s changes what it says, and nothing else',
    (id, defect) => {
      const said = callOf(defect);
      expect(said.length).toBeGreaterThan(1);
      const effect = EFFECTS[id];
      if (effect === undefined) expect.unreachable(`no effect is written down for ${id}`);
      const outcome = play(defect.change(), said, effect.moved);
      if (id === 'codec-lie') expect(outcome.gone.length).toBe(outcome.come.length);
      expectLines(
        outcome.gone.filter((line) => id !== 'codec-lie' || line.startsWith('a=rtpmap')),
        effect.gone,
      );
      expectLines(
        outcome.come.filter((line) => id !== 'codec-lie' || line.startsWith('a=rtpmap')),
        effect.come,
      );
      expect([...new Set(outcome.lost)]).toEqual(effect.lost ?? []);
      expect([...new Set(outcome.becomes)]).toEqual(effect.becomes ?? []);
      expect(outcome.kept).toEqual(effect.kept ?? []);
    },
  );

  it.each(SEEDED.map((defect) => [defect.id, defect] as const))(
    '%s is made anew for each call',
    (_, defect) => {
      const said = callOf(defect);
      const first = play(defect.change(), said);
      expect(play(defect.change(), said)).toEqual(first);
    },
  );

  it('passes on as it is what it cannot read', () => {
    const description = open('v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio x RTP/AVP 0\r\n');
    for (const { change } of SEEDED) {
      const signal: Signal = { type: 'refuse', why: 'glare' };
      expect(change()(signal, 'caller')).toEqual([signal]);
    }
    expect(defectById('sip-no-mid')?.change?.()({ type: 'answer', description }, 'callee')).toEqual([
      { type: 'answer', description },
    ]);
  });
});

describe('the list of defects', () => {
  it('names each once, with a check of its scenario', () => {
    expect(new Set(DEFECTS.map(({ id }) => id)).size).toBe(DEFECTS.length);
    for (const { id, check, scenario } of DEFECTS) {
      expect(CHECKS.find((each) => each.id === check)?.scenario, id).toBe(scenario);
    }
  });

  it('has either a change, a bug on the wire or an impairment in each', () => {
    for (const { id, change, wire, impair } of DEFECTS)
      expect([change, wire, impair].filter((each) => each !== undefined).length, id).toBe(1);
  });

  it('makes every check fail that no tampered recording does', () => {
    const failing = new Set([...DEFECTS, ...TAMPERED_RECORDINGS].map(({ check }) => check));
    expect(CHECKS.map(({ id }) => id).filter((id) => !failing.has(id))).toEqual([]);
  });

  it('finds a defect by its id', () => {
    expect(defectById('bye-lost')?.check).toBe('hang-up-caller');
    expect(defectById('no-such-defect')).toBeUndefined();
  });
});
