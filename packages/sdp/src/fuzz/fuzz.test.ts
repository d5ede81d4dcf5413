import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { checkAnswer } from '../negotiation/check-answer.ts';
import { parse } from '../parse.ts';
import { write } from '../write.ts';
import { checkLaws } from './check-laws.ts';
import { corpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { HOSTILE } from './hostile.ts';
import { seededRandom } from './random.ts';

const TEXTS = corpus().map(({ text }) => text);
const STILL = () => 0;

describe('fuzz', () => {
  it('finds no broken law on the corpus itself', () => {
    const reference = parse(TEXTS[0]!);
    expect(TEXTS.map((text) => checkLaws(text, reference)).filter((outcome) => outcome !== 'parsed')).toEqual(
      [],
    );
  });

  it('finds no broken law on 20,000 damaged descriptions', { timeout: 300_000 }, () => {
    const report = fuzz(20_000, TEXTS, seededRandom(7), STILL);
    expect(report.failures).toEqual([]);
    const refused = Object.values(report.refused).reduce((sum, count) => sum + count, 0);
    expect(report.parsed + refused).toBe(20_000);
    // A mutator that only breaks, or never does, would prove nothing.
    expect(report.parsed).toBeGreaterThan(6_000);
    expect(Object.keys(report.refused).length).toBeGreaterThan(8);
  });

  it.each(Object.keys(HOSTILE))('comes to an end on hostile input: %s', (name) => {
    const text = HOSTILE[name]!;
    expect(text.length).toBeLessThan(DEFAULT_LIMITS.size);
    expect(checkLaws(text, parse(TEXTS[0]!))).toBe('parsed');
    const description = parse(text);
    expect(Array.isArray(checkAnswer(description, description))).toBe(true);
  });

  it('gives the same inputs for the same seed, and others for another', () => {
    const inputs = (seed: number) => {
      const seen: string[] = [];
      fuzz(300, TEXTS, seededRandom(seed), STILL, (text) => {
        seen.push(text);
        return 'parsed';
      });
      return seen;
    };
    expect(inputs(1)).toEqual(inputs(1));
    expect(inputs(1)).not.toEqual(inputs(2));
  });

  it('counts a writer that tidies line endings as a broken law', () => {
    const report = fuzz(300, TEXTS, seededRandom(1), STILL, (text) => {
      let description: ReturnType<typeof parse>;
      try {
        description = parse(text);
      } catch {
        return 'empty';
      }
      if (write(description).replaceAll(/\r?\n/g, '\r\n') !== text) throw new Error('law broken');
      return 'parsed';
    });
    expect(report.failed).toBeGreaterThan(0);
    expect(report.failures[0]?.error).toContain('law broken');
  });
});
