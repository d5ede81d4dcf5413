import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACKNOWLEDGE_EVERY, Inbox } from './inbox.ts';

describe('an inbox', () => {
  it('takes each number once and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 })), (numbers) => {
        const inbox = new Inbox();
        let had = 0;
        for (const seq of numbers) {
          const turn = inbox.accept(seq);
          expect(turn).toBe(seq === had + 1 ? 'take' : seq <= had ? 'again' : 'gap');
          if (turn === 'take') had = seq;
          expect(inbox.received).toBe(had);
        }
      }),
    );
  });

  it('owes an acknowledgement of its own after sixteen that nothing else acknowledged', () => {
    const inbox = new Inbox();
    for (let seq = 1; seq < ACKNOWLEDGE_EVERY; seq++) inbox.accept(seq);
    expect(inbox.due).toBe(false);
    inbox.accept(ACKNOWLEDGE_EVERY);
    expect(inbox.due).toBe(true);
    expect(inbox.acknowledgement()).toBe(16);
    expect(inbox.due).toBe(false);
  });
});
