import { describe, expect, it } from 'vitest';
import { CHECKS, checksOf as checksOfTopology } from '../checks/checks.ts';
import { DEFECTS } from '../defects/defects.ts';
import { SIDES } from '../evidence.ts';
import { diagnose } from './diagnose.ts';
import { recorded, recordedCalls } from './recorded-calls.ts';

const TRIANGLE = checksOfTopology('triangle');
const CALLS = recordedCalls();
const HEALTHY = CALLS.filter((name) => name.startsWith('healthy-'));
const checksOf = (scenario: string) => TRIANGLE.filter((check) => check.scenario === scenario);

describe('diagnose, on recorded calls with a seeded defect', () => {
  it('has a recorded call for every defect', () => {
    expect(CALLS.filter((name) => !name.startsWith('healthy-'))).toEqual(DEFECTS.map(({ id }) => id).sort());
  });

  it.each(DEFECTS.map((defect) => [defect.id, defect.check, defect.cause ?? defect.id] as const))(
    '%s fails %s and is named first',
    (id, check, cause) => {
      const evidence = recorded(id);
      expect(CHECKS.find((each) => each.id === check)?.judge(evidence).passed).toBe(false);
      const [best] = diagnose(evidence, check);
      expect(best?.cause).toBe(cause);
      expect(best?.clause).not.toBe('');
      expect(best?.words).not.toBe('');
      expect(best?.seen.length).toBeGreaterThan(0);
    },
  );

  it.each(
    DEFECTS.filter(({ change }) => change !== undefined).map((defect) => [defect.id, defect.check] as const),
  )('%s is laid to the server, which changed it', (id, check) => {
    expect(diagnose(recorded(id), check)[0]?.hop).toBe('server');
  });

  it.each(
    DEFECTS.filter(({ wire }) => wire !== undefined).map((defect) => [defect.id, defect.check] as const),
  )('%s is laid to the proxy, whose bug it is', (id, check) => {
    expect(diagnose(recorded(id), check)[0]?.hop).toBe('proxy');
  });

  it.each(DEFECTS.filter(({ impair }) => impair !== undefined).map((defect) => [defect.id, defect] as const))(
    '%s is laid to the side whose media it is',
    (id, { check, impair }) => {
      expect(diagnose(recorded(id), check)[0]?.hop).toBe(impair?.side);
    },
  );

  it.each(DEFECTS.map((defect) => [defect.id, defect.check] as const))(
    '%s: the same is said of %s whatever was seeded',
    (id, check) => {
      const evidence = recorded(id);
      expect(evidence.defect).toBeUndefined();
      const said = diagnose(evidence, check);
      expect(said.length).toBeGreaterThan(0);
      expect(diagnose({ ...evidence, defect: 'another' }, check)).toEqual(said);
    },
  );
});

describe('diagnose, on recorded good calls', () => {
  it.each(
    HEALTHY.flatMap((name) => checksOf(recorded(name).scenario).map((check) => [name, check.id] as const)),
  )('%s: nothing is wrong with %s', (name, check) => {
    expect(diagnose(recorded(name), check)).toEqual([]);
  });

  it('names no finding of a good call as the cause of a failure', () => {
    const good = recorded('healthy-call');
    const deaf = {
      ...good,
      observations: good.observations.map((each) =>
        each.kind === 'heard' ? { ...each, heard: { ...each.heard, pcm: new Int16Array(8000) } } : each,
      ),
    };
    const causes = diagnose(deaf, 'audio').map(({ cause }) => cause);
    expect(causes).toEqual(['silent-rtp']);
  });
});

describe('diagnose, where nothing known fits', () => {
  it('says in which step the call broke off, and what was seen last', () => {
    const good = recorded('healthy-call');
    const at = good.trace.findIndex((entry) => entry.summary === 'ringing');
    const broken = {
      ...good,
      trace: good.trace.slice(0, at + 1),
      observations: [],
      caller: { ...good.caller, events: [] },
      callee: { ...good.callee, events: [] },
      fault: { kind: 'peer', side: 'callee', step: 'accept', words: 'chromium (callee): accept: timeout' },
    } as const;
    const [best, ...others] = diagnose(broken, 'audio');
    expect(others).toEqual([]);
    expect(best?.cause).toBe('unexplained');
    expect(best?.words).toContain('accept');
    expect(best?.seen.join('\n')).toContain('chromium (callee): accept: timeout');
    expect(best?.seen.join('\n')).toContain('ringing');
  });

  it.each([
    ['peer-died', 'callee'],
    ['turn-died', 'turn'],
  ] as const)('%s explains the failure before anything else', (kind, hop) => {
    const evidence = recorded('dtls-fingerprint-wrong');
    const fault = {
      kind,
      step: 'media',
      words: 'ended with status 137',
      ...(hop === 'callee' ? { side: hop } : {}),
    };
    const [best] = diagnose({ ...evidence, fault }, 'audio');
    expect(best).toMatchObject({ cause: kind, hop, seen: ['step media: ended with status 137'] });
  });

  it('tells DTLS from ICE by when the transport gave up', () => {
    const good = recorded('healthy-call');
    const failing = (afterMs: number) => {
      const events = [
        { event: 'transport', state: 'connecting', at: good.startedAtMs },
        { event: 'transport', state: 'failed', at: good.startedAtMs + afterMs },
      ];
      const sides = Object.fromEntries(SIDES.map((side) => [side, { ...good[side], events }]));
      return diagnose({ ...good, ...sides, observations: [] }, 'audio').map(({ cause }) => cause);
    };
    expect(failing(300)).toEqual(['dtls-failed']);
    expect(failing(15_000)).toEqual(['ice-failed']);
  });

  it('refuses a check that does not exist', () => {
    expect(() => diagnose(recorded('healthy-call'), 'nothing')).toThrow(RangeError);
  });
});
