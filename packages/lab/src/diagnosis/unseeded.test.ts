import { describe, expect, it } from 'vitest';
import type { Evidence, Observation } from '../evidence.ts';
import { diagnose } from './diagnose.ts';
import { recorded } from './recorded-calls.ts';

const GOOD = recorded('healthy-call');

/** The good call with messages rewritten: what a side said itself, and so what the other got. */
function rewritten(
  edit: (raw: string) => string,
  which: (entry: Evidence['trace'][number], index: number) => boolean,
): Evidence {
  return {
    ...GOOD,
    trace: GOOD.trace.map((entry, index) =>
      which(entry, index) ? { ...entry, raw: edit(entry.raw) } : entry,
    ),
  };
}

/** The good call in which something else was decoded in a step. */
function decoding(edit: (each: Observation, all: readonly Observation[]) => Observation): Evidence {
  return { ...GOOD, observations: GOOD.observations.map((each) => edit(each, GOOD.observations)) };
}

function silentAfter(evidence: Evidence, step: string): Evidence {
  return {
    ...evidence,
    observations: evidence.observations.map((each) =>
      each.kind === 'heard' && each.step === step
        ? { ...each, heard: { ...each.heard, pcm: new Int16Array(8000) } }
        : each,
    ),
  };
}

describe('diagnose, on causes that no defect seeds', () => {
  it('hears an own echo', () => {
    const evidence = decoding((each, all) => {
      if (each.kind !== 'heard' || each.step !== 'media' || each.side !== 'caller') return each;
      const own = all.find(
        (other) => other.kind === 'heard' && other.step === 'media' && other.side === 'callee',
      );
      return own?.kind === 'heard' ? { ...each, heard: own.heard } : each;
    });
    expect(diagnose(evidence, 'audio')[0]).toMatchObject({ cause: 'own-echo', hop: 'callee' });
  });

  it('hears noise where the sound is not what was sent', () => {
    const noise = Int16Array.from({ length: 8000 }, (_, at) => ((at * 7919) % 16_001) - 8000);
    const evidence = decoding((each) =>
      each.kind === 'heard' && each.step === 'media' && each.side === 'callee'
        ? { ...each, heard: { ...each.heard, pcm: noise } }
        : each,
    );
    expect(diagnose(evidence, 'audio')[0]).toMatchObject({ cause: 'sound-unrecognised', hop: 'caller' });
  });

  it('tells the codec that is sent from the one that it is decoded as', () => {
    const noise = Int16Array.from({ length: 8000 }, (_, at) => ((at * 7919) % 16_001) - 8000);
    const evidence = decoding((each) => {
      if (each.step !== 'media' || each.side !== 'callee') return each;
      if (each.kind === 'heard') return { ...each, heard: { ...each.heard, pcm: noise } };
      if (each.kind !== 'stats') return each;
      const received = { ...each.stats.audio?.received, codec: 'G722' };
      return { ...each, stats: { ...each.stats, audio: { ...each.stats.audio, received } } };
    });
    expect(diagnose(evidence, 'audio')[0]).toMatchObject({ cause: 'codec-lie', hop: 'caller' });
  });

  it('does not take a side that could not listen for a silent one', () => {
    const evidence = decoding((each) =>
      each.kind === 'heard' && each.step === 'media' && each.side === 'callee'
        ? { step: each.step, at: each.at, side: each.side, kind: 'missed', words: 'no sound block came' }
        : each,
    );
    const [best, ...others] = diagnose(evidence, 'audio');
    expect(others).toEqual([]);
    expect(best?.cause).toBe('unexplained');
    expect(best?.seen.join('\n')).toContain('no sound block came');
  });

  it('lays a broken rule to the author where the server only passed it on', () => {
    const isAnswer = ({ summary, raw }: Evidence['trace'][number]): boolean =>
      (summary === 'accept' || summary === 'answer') && raw.includes('\nv=0');
    const evidence = rewritten((raw) => raw.replaceAll('a=setup:active', 'a=setup:actpass'), isAnswer);
    const silent = silentAfter(evidence, 'media');
    const [best] = diagnose(silent, 'audio');
    expect(best).toMatchObject({
      cause: 'dtls-actpass-answer',
      clause: 'RFC 8842 section 5.3',
      hop: 'callee',
    });
    expect(best?.words).toContain("the callee's answer, as the caller got it");
  });

  it('blames who accepted a wrong certificate, and not the fingerprint that was put there to be refused', () => {
    const evidence = rewritten(
      (raw) => raw.replace(/(a=fingerprint:sha-256 )..:../g, '$100:00'),
      ({ direction, summary }) => direction === 'out' && summary === 'answer',
    );
    const diagnosis = diagnose({ ...evidence, scenario: 'wrong-fingerprint' }, 'fingerprint-refused');
    expect(diagnosis).toHaveLength(1);
    expect(diagnosis[0]).toMatchObject({ cause: 'dtls-fingerprint-unchecked', hop: 'caller' });
  });

  it('finds a restart with the old password', () => {
    const passwords = GOOD.trace.flatMap(({ raw, direction, peer }) =>
      direction === 'in' && peer === 'caller'
        ? [...raw.matchAll(/a=ice-pwd:(\S+)/g)].map((match) => match[1]!)
        : [],
    );
    const [first, last] = [passwords[0]!, passwords.at(-1)!];
    expect(first).not.toBe(last);
    const evidence = rewritten(
      (raw) => raw.replaceAll(last, first),
      ({ direction, peer }) => direction === 'out' && peer === 'callee',
    );
    const [best] = diagnose(silentAfter(evidence, 'after-restart'), 'ice-restart');
    expect(best).toMatchObject({ cause: 'ice-pwd-stale', hop: 'server' });
  });

  it('says what a browser said of a description that breaks no known rule', () => {
    const answer = GOOD.trace.find(({ summary, direction }) => summary === 'answer' && direction === 'out')!;
    const words = 'OperationError: out of patience';
    const evidence: Evidence = {
      ...GOOD,
      observations: [],
      caller: {
        ...GOOD.caller,
        events: [
          { event: 'trouble', at: answer.at + 5, words },
          { event: 'ended', at: answer.at + 6, reason: { code: 'not-acceptable' } },
        ],
      },
      callee: { ...GOOD.callee, events: [] },
    };
    const [best] = diagnose(evidence, 'audio');
    expect(best).toMatchObject({ cause: 'description-refused', hop: 'callee' });
    expect(best?.seen.join('\n')).toContain(words);
  });

  it('sees a transport that was up and failed', () => {
    const failed = { event: 'transport', state: 'failed', at: GOOD.startedAtMs + 9000 };
    const evidence = {
      ...GOOD,
      observations: [],
      callee: { ...GOOD.callee, events: [...GOOD.callee.events, failed] },
    };
    expect(diagnose(evidence, 'audio').map(({ cause }) => cause)).toEqual(['transport-lost']);
  });

  it('stays with the facts where messages of a call are not to be read', () => {
    const evidence: Evidence = {
      ...GOOD,
      observations: [],
      trace: GOOD.trace.map((entry) => ({ ...entry, raw: '\u0000{]\nv=1\nnothing' })),
    };
    for (const check of ['audio', 'hold-resume', 'ice-restart', 'hang-up-caller']) {
      expect(() => diagnose(evidence, check)).not.toThrow();
    }
  });
});
