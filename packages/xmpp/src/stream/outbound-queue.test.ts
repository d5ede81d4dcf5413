import { describe, expect, it } from 'vitest';
import { xml } from '../xml/element.ts';
import { OutboundQueue } from './outbound-queue.ts';

describe('OutboundQueue', () => {
  it('keeps what is not acknowledged, oldest first', () => {
    const queue = new OutboundQueue();
    for (const id of ['1', '2', '3']) queue.push(xml('iq', { id }));
    expect(queue.ack(2)).toBe(true);
    expect(queue.pending().map(({ attrs }) => attrs.id)).toEqual(['3']);
    expect(queue.ack(2)).toBe(true);
    expect(queue.ack(4)).toBe(false);
    expect(queue.size).toBe(1);
  });

  it('goes from 2^32 - 1 to 0 (XEP-0198 section 4)', () => {
    const queue = new OutboundQueue(2 ** 32 - 2);
    for (const id of ['1', '2', '3']) queue.push(xml('iq', { id }));
    expect(queue.ack(0)).toBe(true);
    expect(queue.pending().map(({ attrs }) => attrs.id)).toEqual(['3']);
    expect(queue.ack(2 ** 32 - 1)).toBe(false);
  });
});
