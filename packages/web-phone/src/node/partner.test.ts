import { type Endpoint, PeerError, type PeerEvent } from '@crosspoint/peers';
import { expect, it } from 'vitest';
import { answerAll } from './partner.ts';

/** An endpoint that is called `calls` times and then is gone; the first call is over before it is answered. */
function endpointOf(calls: number): { endpoint: Endpoint; asked: string[] } {
  const events: PeerEvent[] = [];
  const asked: string[] = [];
  const endpoint = {
    label: 'partner',
    events,
    async wait() {
      if (events.length === calls) throw new PeerError('failed', 'partner', 'the page was closed');
      events.push({ event: 'incoming' });
      return events.at(-1)!;
    },
    async ask(command: string) {
      asked.push(command);
      if (asked.length === 1) throw new PeerError('failed', 'partner', 'no call rings');
      return {};
    },
    async close() {},
  } as unknown as Endpoint;
  return { endpoint, asked };
}

it('answers one call after another, and ends with the endpoint whatever the reason', async () => {
  const { endpoint, asked } = endpointOf(3);
  await answerAll(endpoint);
  expect(asked).toEqual(['accept', 'accept', 'accept']);
});
