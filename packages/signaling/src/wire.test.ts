import { describe, expect, it } from 'vitest';
import { clientHeadSchema } from './client-head.ts';
import { MAX_MESSAGE_LENGTH, serverMessageSchema } from './protocol.ts';
import { parseMessage, WebProtocolError, writeMessage } from './wire.ts';

function refusal(text: string): { code: string; clause: string } {
  try {
    parseMessage(clientHeadSchema, text);
  } catch (error) {
    if (error instanceof WebProtocolError) return { code: error.code, clause: error.clause };
    throw error;
  }
  throw new Error(`taken: ${text.slice(0, 80)}`);
}

describe('a message', () => {
  it('is a line of JSON and, behind a line feed, the description as it is', () => {
    const { head, sdp } = parseMessage(
      clientHeadSchema,
      '{"type":"call","call":"c1","to":"bob","seq":2,"ack":1,"more":{}}\nv=0\r\no=- 4611\n',
    );
    expect(head).toEqual({ type: 'call', call: 'c1', to: 'bob', seq: 2, ack: 1 });
    expect(sdp).toBe('v=0\r\no=- 4611\n');
    expect(writeMessage(head, sdp)).toBe(
      '{"type":"call","call":"c1","to":"bob","seq":2,"ack":1}\nv=0\r\no=- 4611\n',
    );
  });

  it.each([
    ['no JSON', '{"type":', 'bad-message', 'head'],
    ['nothing', '', 'bad-message', 'head'],
    ['JSON that is no object', '[1]', 'bad-message', 'type'],
    ['an unknown type', '{"type":"shout","seq":1}', 'bad-message', 'type'],
    ['a server message', '{"type":"welcome","seq":1}', 'bad-message', 'type'],
    ['a number below 1', '{"type":"leave","seq":0}', 'bad-message', 'seq'],
    ['no number', '{"type":"leave"}', 'bad-message', 'seq'],
    ['a fraction', '{"type":"leave","seq":1.5}', 'bad-message', 'seq'],
    ['a name in capitals', '{"type":"register","name":"Alice","seq":1}', 'bad-message', 'name'],
    ['a call id with a space', '{"type":"ringing","call":"c 1","seq":1}', 'bad-message', 'call'],
    ['a description where none belongs', '{"type":"ringing","call":"c","seq":1}\nv=0', 'bad-message', 'body'],
    ['an empty description where none belongs', '{"type":"ping"}\n', 'bad-message', 'body'],
    ['no description where one belongs', '{"type":"offer","call":"c","seq":1}', 'bad-message', 'body'],
    ['no candidate', '{"type":"candidates","call":"c","candidates":[],"seq":1}', 'bad-message', 'candidates'],
    [
      'an unknown reason',
      '{"type":"end","call":"c","reason":{"code":"bored"},"seq":1}',
      'bad-message',
      'reason.code',
    ],
    ['too much', `{"type":"ping","x":"${'x'.repeat(MAX_MESSAGE_LENGTH)}"}`, 'too-large', 'message length'],
  ])('with %s is refused', (_, text, code, clause) => {
    expect(refusal(text)).toEqual({ code, clause });
  });

  it('may ask the callee for the offer, and has one where a page calls', () => {
    const incoming = '{"type":"incoming","call":"c","from":"alice","seq":1}';
    expect(parseMessage(serverMessageSchema, incoming).sdp).toBeUndefined();
    const call = '{"type":"call","call":"c","to":"bob","seq":1}';
    expect(refusal(call)).toEqual({ code: 'bad-message', clause: 'body' });
  });

  it('may be as long as it may be', () => {
    const rest = MAX_MESSAGE_LENGTH - '{"type":"ping","x":""}'.length;
    expect(parseMessage(clientHeadSchema, `{"type":"ping","x":"${'x'.repeat(rest)}"}`).head.type).toBe(
      'ping',
    );
  });
});
