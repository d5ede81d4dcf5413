import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRequest } from './make-message.ts';
import { SipStream, type StreamEvent } from './sip-stream.ts';
import { writeMessage } from './write-message.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function message(n: number, body: string): Uint8Array {
  return writeMessage(
    makeRequest({
      method: 'MESSAGE',
      uri: 'sip:a@b',
      headers: [
        ['Via', 'SIP/2.0/TCP h;branch=z9hG4bK1'],
        ['Call-ID', String(n)],
      ],
      body,
    }),
  );
}

const calls = (events: StreamEvent[]) =>
  events.map((event) => (event.kind === 'message' ? event.message.callId : event.kind));

describe('SipStream', () => {
  it('finds the same messages wherever the bytes are cut', () => {
    const bodies = ['', 'one\r\n\r\ntwo', 'INVITE sip:x SIP/2.0\r\n\r\n', 'ž'];
    const pieces = bodies.map((body, n) => message(n, body));
    const whole = pieces.flatMap((piece, n) => [...piece, ...(n === 1 ? encode('\r\n\r\n') : [])]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (cuts) => {
        const stream = new SipStream();
        const events: StreamEvent[] = [];
        for (let at = 0, n = 0; at < whole.length; n++) {
          const size = cuts[n % cuts.length]!;
          events.push(...stream.push(Uint8Array.from(whole.slice(at, at + size))));
          at += size;
        }
        expect(calls(events)).toEqual(['0', '1', 'ping', '2', '3']);
        expect(stream.pending).toBe(0);
        const found = events.flatMap((event) => (event.kind === 'message' ? [event.message] : []));
        expect(found.map(({ body }) => new TextDecoder().decode(body))).toEqual(bodies);
        expect(found.map((each) => writeMessage(each))).toEqual(pieces);
      }),
    );
  });

  it('tells pongs where this side pings', () => {
    const stream = new SipStream({ pings: 'near' });
    expect(
      calls([...stream.push(encode('\r')), ...stream.push(encode('\n')), ...stream.push(message(1, ''))]),
    ).toEqual(['pong', '1']);
  });

  it('ends with an error where the next message cannot be found', () => {
    const missing = 'OPTIONS sip:a SIP/2.0\r\nCall-ID: 1\r\n\r\n';
    const stream = new SipStream();
    const [event] = stream.push(encode(missing));
    expect(event).toMatchObject({ kind: 'error', fatal: true, error: { code: 'content-length-missing' } });
    expect(event?.kind === 'error' && event.error.request?.callId).toBe('1');
    expect(stream.push(message(1, ''))).toEqual([]);
    const [negative] = new SipStream().push(encode(missing.replace('Call-ID: 1', 'l: -1')));
    expect(negative).toMatchObject({ fatal: true, error: { code: 'content-length-malformed' } });
  });

  it('goes on behind a bad request whose length is known', () => {
    const bad = 'OPTIONS  sip:a SIP/2.0\r\nCall-ID: 7\r\nl: 2\r\n\r\nab';
    const events = new SipStream().push(Uint8Array.from([...encode(bad), ...message(8, '')]));
    expect(calls(events)).toEqual(['error', '8']);
    expect(events[0]).toMatchObject({ fatal: false, error: { request: { callId: '7' } } });
  });

  it('keeps no more than its limits', () => {
    const limits = { head: 200, body: 100, headers: 10, lineLength: 100 };
    const large = new SipStream({ limits }).push(encode('OPTIONS sip:a SIP/2.0\r\nl: 101\r\n\r\n'));
    expect(large[0]).toMatchObject({ fatal: true, error: { code: 'too-large', status: 513 } });
    const endless = new SipStream({ limits });
    const events = Array.from({ length: 30 }, () => endless.push(encode('X: 1234\r\n'))).flat();
    expect(events).toMatchObject([{ kind: 'error', fatal: true, error: { code: 'too-large' } }]);
    const dribble = new SipStream({ limits });
    const found = Array.from(message(3, 'x'), (byte) => dribble.push(Uint8Array.of(byte))).flat();
    expect(calls(found)).toEqual(['3']);
  });
});
