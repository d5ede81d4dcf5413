import { describe, expect, it } from 'vitest';
import { recordedStanzas } from '../testing/corpus.ts';
import { writeXml } from '../xml/write-xml.ts';
import { checkLaws } from './check-laws.ts';
import { fuzzStanzas } from './fuzz.ts';
import { seededRandom } from './random.ts';

const corpus = recordedStanzas().map(({ text }) => text);

describe('damaged stanzas', () => {
  it('break no law', () => {
    const report = fuzzStanzas(3000, corpus, seededRandom(7), () => performance.now());
    expect(report.failures).toEqual([]);
    expect(report.failed).toBe(0);
    expect(report.outcomes.read).toBeGreaterThan(300);
    expect(Object.keys(report.outcomes).filter((each) => each.startsWith('xml')).length).toBeGreaterThan(5);
    expect(Object.keys(report.outcomes).filter((each) => each.startsWith('jingle')).length).toBeGreaterThan(
      3,
    );
  });

  it('are seen to fail: a check that a stanza of stanza does not pass', () => {
    const broken = (text: string) => {
      if (text.includes('urn:xmpp:jingle:apps:rtp:msid:0')) throw new Error('seeded');
      return 'read';
    };
    expect(fuzzStanzas(200, corpus, seededRandom(7), () => 0, broken).failed).toBeGreaterThan(0);
  });

  it('that were not damaged break no law either, and reach an endpoint', () => {
    const seen: string[] = [];
    for (const text of corpus) expect(checkLaws(text, (stanza) => seen.push(writeXml(stanza)))).toBe('read');
    expect(seen).toHaveLength(corpus.length);
  });
});
