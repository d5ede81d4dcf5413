import { describe, expect, it } from 'vitest';
import { recordedMessages, tortureMessages } from './fixture-corpus.ts';
import { fuzzMessages } from './fuzz.ts';
import { checkMessageLaws } from './message-laws.ts';
import { seededRandom } from './mutate-message.ts';
import { parseMessage } from './parse-message.ts';
import { SipSyntaxError } from './sip-error.ts';
import { verifyMessage } from './verify-message.ts';

const CORPUS = [...recordedMessages(), ...tortureMessages()].map(({ bytes }) => bytes);
const clock = () => performance.now();

describe('damaged messages', () => {
  it('20,000 of them break no law', () => {
    const report = fuzzMessages(20_000, CORPUS, seededRandom(3261), clock);
    expect(report.failures).toEqual([]);
    expect(report.failed).toBe(0);
    // The damage is neither too small nor too large to say anything.
    expect(report.outcomes.parsed).toBeGreaterThan(1000);
    expect(report.outcomes.malformed).toBeGreaterThan(1000);
    expect(Object.keys(report.outcomes).length).toBeGreaterThan(8);
  }, 120_000);

  it('a reader that crashes is seen', () => {
    const broken = fuzzMessages(300, CORPUS, seededRandom(1), clock, (bytes, random) => {
      if (checkMessageLaws(bytes, random) === 'malformed') throw new TypeError('crash');
      return 'parsed';
    });
    expect(broken.failed).toBeGreaterThan(10);
    expect(broken.failures).toHaveLength(10);
  });
});

// Each is just under the limits, and made to be read again and again by a reader that goes back.
describe('hostile messages', () => {
  const head = 'INVITE sip:a@b SIP/2.0\r\n';
  const many = (piece: string, size = 60_000) => piece.repeat(Math.floor(size / piece.length));
  const hostile: Record<string, string> = {
    commas: `${head}Via: ${many(',', 16_000)}\r\n\r\n`,
    quotes: `${head}From: ${many('"', 16_001)}\r\n\r\n`,
    escapes: `${head}From: "${many('\\"', 16_000)}\r\n\r\n`,
    'angle brackets': `${head}m: ${many('<', 16_000)}\r\n\r\n`,
    parameters: `${head}To: <sip:a@b>${many(';a=b', 16_000)}\r\n\r\n`,
    folds: `${head}X:${many('\r\n ', 16_000)}x\r\n\r\n`,
    'spaces in folds': `${head}From: a${many(' ', 15_900)}\r\n b\r\n\r\n`,
    'spaces without end': `${head}Subject: ${many(' \t', 15_000)}x\r\n\r\n`,
    headers: `${head}${many('a:b\r\n', 1_280)}\r\n`,
    'many Vias': `${head}${many('v: SIP/2.0/UDP h;branch=z9hG4bK,SIP/2.0/UDP h\r\n', 12_000)}\r\n`,
    'long host': `INVITE sip:${many('a-', 8_000)}! SIP/2.0\r\n\r\n`,
    'dotted host': `INVITE sip:a@${many('a.', 200)}- SIP/2.0\r\n\r\n`,
    'user part': `INVITE sip:${many('%41', 15_000)}< SIP/2.0\r\n\r\n`,
    'start line spaces': `INVITE ${many(' ', 15_000)} SIP/2.0\r\n\r\n`,
    'line endings': `${many('\r\n')}x`,
    comments: `${head}Retry-After: 1 ${many('(', 15_000)}\r\n\r\n`,
    numbers: `${head}l: ${many('9', 16_000)}\r\n\r\n`,
  };

  it.each(Object.keys(hostile))('%s take linear time', (name) => {
    const whole = hostile[name]!;
    const bytes = new TextEncoder().encode(whole);
    const work = () => {
      try {
        verifyMessage(parseMessage(bytes));
      } catch (error) {
        if (!(error instanceof SipSyntaxError)) throw error;
      }
      checkMessageLaws(bytes, seededRandom(1));
    };
    work();
    // Half of a second input of plain text is the measure, so that a busy machine slows both.
    const plain = new TextEncoder().encode(`${head}${'Subject: abcdefgh\r\n'.repeat(250)}l: 0\r\n\r\n`);
    const measure = () => checkMessageLaws(plain, seededRandom(1));
    measure();
    expect(least(work)).toBeLessThan(60 * least(measure) + 5);
  });

  function least(work: () => unknown): number {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      const start = clock();
      work();
      best = Math.min(best, clock() - start);
    }
    return best;
  }
});
