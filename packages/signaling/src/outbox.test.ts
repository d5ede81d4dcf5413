import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StringQueue } from './message-queue.ts';
import { ByteQueue } from './node/byte-queue.ts';
import { Outbox } from './outbox.ts';
import { parseMessage, wholeText } from './wire.ts';

const QUEUES = { StringQueue, ByteQueue };

describe.each(Object.entries(QUEUES))('an outbox on a %s', (_, Queue) => {
  it('numbers from 1 and says what it had', () => {
    const outbox = new Outbox(new Queue());
    expect(wholeText(outbox.write({ type: 'ringing', call: 'c' }, 0))).toBe(
      '{"type":"ringing","call":"c","seq":1,"ack":0}',
    );
    expect(wholeText(outbox.write({ type: 'offer', call: 'c' }, 7, 'v=0\r\n'))).toBe(
      '{"type":"offer","call":"c","seq":2,"ack":7}\nv=0\r\n',
    );
    expect(outbox.last).toBe(2);
  });

  it('keeps what is not acknowledged, exactly, whatever is acknowledged when', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 0, maxLength: 5000 }));
    const steps = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.record({ to: texts, sdp: fc.option(texts, { nil: undefined }) }) },
        { weight: 2, arbitrary: fc.record({ ack: fc.integer({ min: 0, max: 60 }) }) },
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (history) => {
        const outbox = new Outbox(new Queue());
        let model: string[] = [];
        let sent = 0;
        for (const step of history) {
          if ('ack' in step) {
            outbox.acknowledge(step.ack);
            model = model.slice(Math.max(0, Math.min(step.ack, sent) - (sent - model.length)));
          } else {
            const sdp = step.sdp;
            model.push(wholeText(outbox.write({ type: 'call', to: step.to }, 0, sdp)));
            sent++;
          }
          expect(outbox.size).toBe(model.length);
        }
        expect(outbox.unacknowledged().map(wholeText)).toEqual(model);
      }),
      { numRuns: 300 },
    );
  });
});

describe('writing and reading', () => {
  it('brings back every head and body', () => {
    const anything = {
      safeParse: (value: unknown) => ({ success: true as const, data: value as { type: string } }),
    };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (to, body) => {
        const written = new Outbox().write({ type: 'call', to }, 3, body);
        const { head, sdp } = parseMessage(anything, wholeText(written));
        expect(head).toEqual({ type: 'call', to, seq: 1, ack: 3 });
        expect(sdp).toBe(body);
      }),
    );
  });
});
