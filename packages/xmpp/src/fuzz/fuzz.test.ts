import { describe, expect, it } from 'vitest';
import { parseElement } from '../xml/parse-element.ts';
import { corpusOf } from './corpus.ts';
import { fuzzStreams } from './fuzz-streams.ts';
import { seededRandom } from './random.ts';

const CORPORA = {
  stranger: corpusOf('stranger'),
  client: corpusOf('client'),
  server: corpusOf('server'),
  component: corpusOf('component'),
};
const clock = () => performance.now();

describe('damaged streams', () => {
  it('3,000 of them break no law', () => {
    const report = fuzzStreams(3000, CORPORA, seededRandom(6120), clock);
    expect(report.failures).toEqual([]);
    expect(report.failed).toBe(0);
    // The damage is neither too small nor too large to say anything.
    for (const outcome of [
      'client goes on',
      'client ended',
      'server goes on',
      'component goes on',
      'stranger ended',
    ])
      expect([outcome, report.outcomes[outcome] ?? 0]).toEqual([
        outcome,
        expect.toSatisfy((count: number) => count > 40),
      ]);
    expect(report.elements).toBeGreaterThan(1500);
    expect(Object.keys(report.outcomes).length).toBeGreaterThan(10);
  }, 120_000);

  it('undamaged ones go on', () => {
    const report = fuzzStreams(400, { ...CORPORA, client: ['<presence/>'] }, () => 0, clock);
    expect(report.failures).toEqual([]);
    expect(report.outcomes['client goes on']).toBe(100);
  });

  it('a reader that loses something is seen', () => {
    const tidy = (text: string) => parseElement(text.replace(/ id="[^"]*"/, ''));
    expect(fuzzStreams(200, CORPORA, seededRandom(1), clock, tidy).failed).toBeGreaterThan(10);
  });
});
