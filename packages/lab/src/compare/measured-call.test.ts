import { readFileSync } from 'node:fs';
import type { TraceEntry } from '@crosspoint/signaling';
import { topologyById } from '@crosspoint/topology';
import { describe, expect, it } from 'vitest';
import type { Side } from '../evidence.ts';
import { writeHop } from './comparison-details.ts';
import { callIn, measureCall } from './measured-call.ts';

function recorded(name: string): TraceEntry[] {
  const text = readFileSync(new URL(`./fixtures/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceEntry);
}

const measured = (name: string, phone?: Side, change = (trace: TraceEntry[]): TraceEntry[] => trace) =>
  measureCall(topologyById(name.split('-')[0]!)!, change(recorded(name)), {}, phone);

const counts = (call: ReturnType<typeof measured>) =>
  call.signaling.edges.map(({ from, to, messages, protocols }) =>
    [from, to, messages, ...protocols].join(' '),
  );

describe('the triangle', () => {
  const call = measured('triangle');

  it('has two hops, each message once on each', () => {
    expect(counts(call)).toEqual(['caller server 8 ws', 'server callee 7 ws']);
    expect(call.signaling).toMatchObject({ path: ['caller', 'server', 'callee'], hops: 2, messages: 15 });
    const bytes = recorded('triangle').reduce((sum, { raw }) => sum + Buffer.byteLength(raw), 0);
    expect(call.signaling.bytes).toBe(bytes);
  });

  it('has media from end to end, whose keys only the ends have', () => {
    expect(call.media.kind).toBe('direct');
    expect(call.media.hops).toEqual([
      {
        from: 'caller',
        to: 'callee',
        transport: 'UDP/TLS/RTP/SAVPF',
        protection: 'DTLS-SRTP',
        encrypted: true,
        keyHolders: ['caller', 'callee'],
      },
    ]);
    expect(call.media.words).toContain('only the two browsers hold the keys');
  });

  it('changes no description', () => {
    expect(call.changes.map(({ node, role, words }) => [node, role, words])).toEqual([
      ['server', 'offer', []],
      ['server', 'answer', []],
    ]);
  });

  it('finds a change that was made on the way, and a fingerprint that was exchanged', () => {
    const changed = measured('triangle', undefined, (trace) =>
      trace.map((entry) =>
        entry.summary === 'incoming'
          ? { ...entry, raw: entry.raw.replace(/(a=fingerprint:sha-256) \S\S/, '$1 00') }
          : entry,
      ),
    );
    expect(changed.changes[0]).toMatchObject({ node: 'server', role: 'offer', subjects: ['dtls'] });
    expect(changed.changes[0]!.words[0]).toMatch(/fingerprint .* became sha-256 00/);
    expect(changed.media.kind).toBe('relay');
    expect(changed.media.hops.map((hop) => hop.keyHolders)).toEqual([
      ['caller', 'turn'],
      ['turn', 'callee'],
    ]);
  });

  it('shows the TURN server, which has no key', () => {
    const stats = { caller: { transport: { local: 'relay', remote: 'host' } } };
    const { media } = measureCall(topologyById('triangle')!, recorded('triangle'), stats);
    expect(media).toMatchObject({ kind: 'turn', hops: [{ via: 'turn', keyHolders: ['caller', 'callee'] }] });
    expect(media.ends.caller.pair).toBe('relay - host');
  });
});

describe('the trapezoid', () => {
  it('has a third hop; what both servers saw of it counts once', () => {
    const call = measured('trapezoid');
    expect(counts(call)).toEqual([
      'caller server-a 8 ws',
      'server-a server-b 12 sip/tls',
      'server-b callee 7 ws',
    ]);
    const sip = recorded('trapezoid').filter(({ protocol }) => protocol === 'sip/tls');
    expect(sip).toHaveLength(24);
    expect(call.changes.map(({ node, role }) => `${node} ${role}`)).toEqual([
      'server-a offer',
      'server-b offer',
      'server-b answer',
      'server-a answer',
    ]);
  });
});

describe('sip', () => {
  it('goes directly to a phone that can: no Signal of a leg counts as a message', () => {
    const call = measured('sip-direct', 'callee');
    expect(counts(call)).toEqual(['caller server 5 ws', 'server proxy 7 sip/tcp', 'proxy callee 6 sip/tcp']);
    expect(call.media.kind).toBe('direct');
    const offer = call.changes.filter(({ role }) => role === 'offer');
    expect(offer.map(({ node, subjects }) => [node, subjects])).toEqual([
      ['server', ['address', 'ice', 'port']],
      ['proxy', []],
    ]);
  });

  it('goes through the relay to a phone that cannot: of two offers the answered one counts', () => {
    const call = measured('sip-relayed', 'callee');
    expect(recorded('sip-relayed').some(({ summary }) => summary.startsWith('488'))).toBe(true);
    expect(call.media.kind).toBe('relay');
    expect(call.media.hops.map(writeHop)).toEqual([
      'caller - relay, DTLS-SRTP (UDP/TLS/RTP/SAVPF): encrypted; key held by caller, relay',
      'relay - callee, none (RTP/AVP): not encrypted',
    ]);
    expect(call.changes[0]!.words).toContain('audio 0: protocol UDP/TLS/RTP/SAVPF became RTP/AVP');
  });

  it('finds the way of a phone that calls, though its registrar calls every phone the callee', () => {
    const call = measured('sip-phone-calls', 'caller');
    expect(call.signaling.path).toEqual(['caller', 'proxy', 'server', 'callee']);
    expect(counts(call)).toEqual(['caller proxy 10 sip', 'proxy server 6 sip/tcp', 'server callee 4 ws']);
    expect(call.media.hops.map((hop) => [hop.from, hop.to, hop.encrypted])).toEqual([
      ['caller', 'relay', false],
      ['relay', 'callee', true],
    ]);
  });

  it('reads keys in descriptions as keys of all who carry them', () => {
    const crypto = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz';
    const call = measured('sip-relayed', 'callee', (trace) =>
      trace.map((entry) => ({
        ...entry,
        raw: entry.raw.replace(/RTP\/AVP ([\d ]+)\r\n/, `RTP/SAVP $1\r\n${crypto}\r\n`),
      })),
    );
    expect(call.media.hops[1]).toMatchObject({
      protection: 'SRTP with keys in the description',
      encrypted: true,
      keyHolders: ['relay', 'callee', 'caller', 'server', 'proxy'],
    });
  });
});

describe('what cannot be told', () => {
  it('is not made up where the trace ends before the callee', () => {
    const call = measured('sip-direct', 'callee', (trace) =>
      trace.filter((entry) => entry.node === 'server'),
    );
    expect(call.signaling).toMatchObject({ path: ['caller', 'server', 'proxy'], hops: 2 });
    expect(call.media).toMatchObject({ kind: 'unknown', hops: [] });
  });

  it('is nothing at all without a trace', () => {
    const call = measureCall(topologyById('triangle')!, [], {});
    expect(call.signaling).toMatchObject({ path: ['caller'], hops: 0, messages: 0, bytes: 0 });
    expect(callIn([])).toBeUndefined();
  });

  it('is found by the first description: registrations are other calls', () => {
    expect(callIn(recorded('sip-direct'))).toBe(recorded('sip-direct')[0]!.call);
    const stray = { ...recorded('triangle')[0]!, call: 'other', raw: 'REGISTER\r\n\r\n', protocol: 'sip' };
    expect(callIn([stray, ...recorded('triangle')])).toBe(recorded('triangle')[0]!.call);
  });
});
