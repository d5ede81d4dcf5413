import { describe, expect, it } from 'vitest';
import { parsePoppedEvent } from './daemon-event.ts';

describe("linphone-daemon's events", () => {
  it.each([
    [
      'Status: Ok\n\nSize: 4\nEvent-type: call-state-changed\n\nEvent: LinphoneCallIncomingReceived\nFrom: sip:alice@lab.localhost\nId: 1\n\n\n\n',
      {
        event: { type: 'state', call: 1, state: 'IncomingReceived', from: 'sip:alice@lab.localhost' },
        left: 4,
      },
    ],
    [
      'Status: Ok\n\nSize: 0\nEvent-type: receiving-tone\n\nTone: *\nFrom: "A" <sip:alice@lab.localhost;x=y>\nId: 12\n\n\n\n',
      { event: { type: 'tone', call: 12, digit: '*' }, left: 0 },
    ],
    ['Status: Ok\n\nSize: 3\nEvent-type: audio-stream-stats\n\nId: 1\n', { event: undefined, left: 3 }],
    ['Status: Ok\n\nSize: 0\n\n', { event: undefined, left: 0 }],
  ])('are read: %#', (reply, popped) => {
    expect(parsePoppedEvent(reply)).toEqual(popped);
  });
});
