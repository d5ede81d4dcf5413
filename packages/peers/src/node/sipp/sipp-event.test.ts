import { describe, expect, it } from 'vitest';
import { logEvent, parseSippEvents } from './sipp-event.ts';

/** What SIPp writes for an event. */
function written(event: string, message: string): string {
  const text = /message="([\s\S]*)"/.exec(logEvent(event, '[$now]'))![1]!;
  return `${text.replace('[call_id]', 'call-1').replace('[$now]', message)}\n`;
}

describe("SIPp's events", () => {
  it('are read in whatever pieces they come, an end like any other', () => {
    const told = ['ringing', 'answered', 'end', 'ended'].map((event) => ({
      event,
      callId: 'call-1',
      message: 'SIP/2.0 200 OK\r\nCSeq: 1 BYE\r\n\r\nv=0\r\n\n',
    }));
    const text = told.map(({ event, message }) => written(event, message.slice(0, -1))).join('');
    for (const size of [1, 2, 7, text.length]) {
      const read = [];
      let rest = '';
      for (let at = 0; at < text.length; at += size) {
        const found = parseSippEvents(rest + text.slice(at, at + size));
        read.push(...found.events);
        rest = found.rest;
      }
      expect(read).toEqual(told);
      expect(rest).toBe('\n');
    }
  });
});
