import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateExtension, candidateTransport, isMdns } from './candidate.ts';
import { lintCandidate } from './candidate-lint.ts';
import { parseCandidate, writeCandidate } from './candidate-text.ts';
import { IceError } from './ice-error.ts';

const corpus = readFileSync(new URL('./fixtures/candidates.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const relay =
  'a=candidate:1117011196 1 udp 58662911 203.0.113.1 50103 typ relay raddr 203.0.113.2 rport 27263 generation 0 network-id 1';

describe('candidates of real peers', () => {
  it('are all read, written back byte for byte, from their fields alone', () => {
    expect(corpus.length).toBe(321);
    for (const line of corpus) {
      const candidate = parseCandidate(line);
      expect(writeCandidate(candidate)).toBe(line);
      expect(candidate.spelling, line).toBeUndefined();
      expect(lintCandidate(candidate), line).toEqual([]);
    }
  });

  it('have what the line says', () => {
    const candidate = parseCandidate(relay);
    expect(candidate).toEqual({
      prefix: 'a=candidate:',
      foundation: '1117011196',
      component: 1,
      transport: 'udp',
      priority: 58_662_911,
      address: '203.0.113.1',
      port: 50_103,
      type: 'relay',
      relatedAddress: '203.0.113.2',
      relatedPort: 27_263,
      extensions: [
        { name: 'generation', value: '0' },
        { name: 'network-id', value: '1' },
      ],
    });
    expect(candidateExtension(candidate, 'network-id')).toBe('1');
    expect(candidateExtension(candidate, 'ufrag')).toBeUndefined();
    const tcp = parseCandidate('candidate:1 1 TCP 2105524479 ::1 9 typ host tcptype active');
    expect(tcp).toMatchObject({ prefix: 'candidate:', tcpType: 'active', address: '::1', extensions: [] });
    expect(candidateTransport(tcp)).toBe('tcp');
  });

  it('are known for mDNS by their name', () => {
    const mdns = parseCandidate(
      'candidate:1 1 udp 2113937151 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 54596 typ host generation 0',
    );
    expect(isMdns(mdns)).toBe(true);
    expect(isMdns({ address: 'X.LOCAL.' })).toBe(true);
    expect(isMdns({ address: '.local' })).toBe(false);
    expect(isMdns({ address: 'local.example.org' })).toBe(false);
    expect(lintCandidate(mdns).map((finding) => finding.code)).toEqual(['address-mdns']);
  });
});

describe('parse and write', () => {
  it.each([
    ['two spaces', '1 1 udp 1  192.0.2.1 9 typ host'],
    ['a space at the end', '1 1 udp 1 192.0.2.1 9 typ host '],
    ['leading zeros', '1 01 udp 0001 192.0.2.1 09 typ host'],
    ['tcptype in front of raddr', '1 1 tcp 1 192.0.2.1 9 typ srflx tcptype active raddr 10.0.0.1 rport 9'],
    ['an extension without a value', '1 1 udp 1 192.0.2.1 9 typ host generation'],
    ['a repeated raddr', '1 1 udp 1 192.0.2.1 9 typ srflx raddr 10.0.0.1 rport 9 raddr 10.0.0.2'],
  ])('keeps %s, until a field changes', (_what, text) => {
    const candidate = parseCandidate(text);
    expect(writeCandidate(candidate)).toBe(text);
    const codes = lintCandidate(candidate).map((finding) => finding.code);
    const changed = writeCandidate({ ...candidate, port: 1234 });
    expect(parseCandidate(changed)).toMatchObject({ port: 1234, address: '192.0.2.1' });
    if (candidate.spelling !== undefined) {
      expect(codes).toContain('spelling');
      expect(changed).not.toContain('  ');
    }
  });

  it.each([
    ['', 'candidate-syntax', 1],
    ['a=candidate:', 'candidate-syntax', 13],
    ['candidate: 1 udp 1 192.0.2.1 9 typ host', 'candidate-syntax', 11],
    ['a=candidate:1 x udp 1 192.0.2.1 9 typ host', 'candidate-range', 15],
    ['1 0 udp 1 192.0.2.1 9 typ host', 'candidate-range', 3],
    ['1 257 udp 1 192.0.2.1 9 typ host', 'candidate-range', 3],
    ['1 1 udp 12345678901 192.0.2.1 9 typ host', 'candidate-range', 9],
    ['1 1 udp -1 192.0.2.1 9 typ host', 'candidate-range', 9],
    ['1 1 udp 1 192.0.2.1 65536 typ host', 'candidate-range', 21],
    ['1 1 udp 1 192.0.2.1 9 type host', 'candidate-syntax', 23],
    ['1 1 udp 1 192.0.2.1 9 typ', 'candidate-syntax', 26],
    ['1 1 udp 1 192.0.2.1 9 typ srflx raddr 10.0.0.1 rport x', 'candidate-range', 54],
    ['1 1 udp 1 192.0.2.1 9 typ host\r', 'candidate-syntax', 31],
  ])('refuses %j and says where', (text, code, column) => {
    expect(() => parseCandidate(text)).toThrow(expect.objectContaining({ name: 'IceError', code, column }));
  });

  it('gives back whatever it takes, and throws nothing but IceError', () => {
    const mutation = fc.tuple(
      fc.constantFrom(...corpus),
      fc.nat(),
      fc.nat({ max: 4 }),
      fc.string({ maxLength: 4 }),
    );
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(mutation, ([line, place, cut, put]) => {
        const at = place % line.length;
        const text = line.slice(0, at) + put + line.slice(at + cut);
        try {
          expect(writeCandidate(parseCandidate(text))).toBe(text);
          taken++;
        } catch (error) {
          if (!(error instanceof IceError)) throw error;
          expect(error.column).toBeLessThanOrEqual(text.length + 1);
          refused++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(100);
  });
});

describe('lint', () => {
  it.each([
    ['1 1 udp 0 192.0.2.1 9 typ host', 'priority-range'],
    ['1 1 udp 4294967295 192.0.2.1 9 typ host', 'priority-range'],
    [`${'x'.repeat(33)} 1 udp 1 192.0.2.1 9 typ host`, 'foundation-length'],
    ['a-b 1 udp 1 192.0.2.1 9 typ host', 'foundation-character'],
    ['1 1 udp 1 turn.example.org 9 typ host', 'address-name'],
    ['1 1 udp 1 192.0.2.1 0 typ host', 'port-zero'],
    ['1 1 udp 1 192.0.2.1 9 typ nat64', 'type-unknown'],
    ['1 1 udp 1 192.0.2.1 9 typ srflx', 'related-missing'],
    ['1 1 udp 1 192.0.2.1 9 typ host raddr 10.0.0.1 rport 9', 'related-unexpected'],
    ['1 1 udp 1 192.0.2.1 9 typ relay raddr 10.0.0.1', 'related-incomplete'],
    ['1 1 tcp 1 192.0.2.1 9 typ host', 'tcp-type-missing'],
    ['1 1 tcp 1 192.0.2.1 9 typ host tcptype lazy', 'tcp-type-unknown'],
    ['1 1 udp 1 192.0.2.1 9 typ host tcptype active', 'tcp-type-unexpected'],
    ['1 1 tcp 1 192.0.2.1 4000 typ host tcptype active', 'tcp-active-port'],
  ])('%s: %s and nothing else', (text, code) => {
    const findings = lintCandidate(parseCandidate(text));
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(findings[0]!.clause).toMatch(/^RFC \d+ section/);
  });
});
