import { describe, expect, it } from 'vitest';
import { makeRequest, makeResponse } from './make-message.ts';
import type { SipRequest } from './message.ts';
import { parseMessage } from './parse-message.ts';
import { SipSyntaxError } from './sip-error.ts';
import { writeMessage } from './write-message.ts';

const TEXT = [
  'INVITE sip:bob@b.example;user=phone SIP/2.0',
  'v: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1 ;rport, SIP/2.0/TCP [2001:db8::1];received=192.0.2.9',
  'Via: SIP/2.0/WS a.invalid;branch=z9hG4bK2',
  'From: "A \\"quoted\\", name" <sip:alice@a.example>;tag=a1',
  'To:',
  '  sip:bob@b.example ;x=y',
  'i: abc@a.example',
  'CSeq: 0042 INVITE',
  'mAX-fORWARDS: 70',
  'm: <sip:alice@192.0.2.1;transport=tcp>;q="0.5", "x,y" <sip:a2@192.0.2.2>',
  'X-Odd:   spaced   ',
  'l: 4',
  '',
  'body',
].join('\r\n');

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const read = (text: string) => parseMessage(encode(text)) as SipRequest;

function refusal(work: () => unknown): SipSyntaxError {
  try {
    work();
  } catch (error) {
    if (error instanceof SipSyntaxError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('parseMessage', () => {
  it('reads typed headers in any spelling', () => {
    const message = read(TEXT);
    expect(message).toMatchObject({ kind: 'request', method: 'INVITE', uri: 'sip:bob@b.example;user=phone' });
    expect(message.via).toMatchObject({
      transport: 'UDP',
      host: '192.0.2.1',
      port: 5070,
      branch: 'z9hG4bK1',
      rport: '',
    });
    expect(message.vias.map(({ host }) => host)).toEqual(['192.0.2.1', '[2001:db8::1]', 'a.invalid']);
    expect(message.vias[1]!.received).toBe('192.0.2.9');
    expect(message.from).toMatchObject({
      displayName: 'A "quoted", name',
      uri: 'sip:alice@a.example',
      tag: 'a1',
    });
    expect(message.to.uri).toBe('sip:bob@b.example');
    expect(message.to.params.get('X')).toBe('y');
    expect(message.callId).toBe('abc@a.example');
    expect(message.cseq).toEqual({ number: 42, method: 'INVITE' });
    expect(message.maxForwards).toBe(70);
    expect(message.contacts.map(({ uri }) => uri)).toEqual([
      'sip:alice@192.0.2.1;transport=tcp',
      'sip:a2@192.0.2.2',
    ]);
    expect(message.contacts[0]!.params.get('q')).toBe('0.5');
    expect(message.getAll('Contact')).toHaveLength(2);
    expect(message.get('x-odd')).toBe('spaced');
    expect(decode(message.body)).toBe('body');
  });

  it('gives back what it read, and every untouched header of an edited message', () => {
    const message = read(TEXT);
    expect(decode(writeMessage(message))).toBe(TEXT);
    const edited = message
      .prepend('Via', 'SIP/2.0/UDP p.example;branch=z9hG4bKp')
      .set('Max-Forwards', '69')
      .withUri('sip:bob@192.0.2.7')
      .removeFirst('contact')
      .withBody(encode('longer body'));
    expect(decode(writeMessage(edited))).toBe(
      TEXT.replace(/^v:/m, 'Via: SIP/2.0/UDP p.example;branch=z9hG4bKp\r\nv:')
        .replace('mAX-fORWARDS: 70', 'Max-Forwards: 69')
        .replace('sip:bob@b.example;user=phone', 'sip:bob@192.0.2.7')
        .replace(/^m: .*0\.5", /m, 'm: ')
        .replace('l: 4\r\n\r\nbody', 'Content-Length: 11\r\n\r\nlonger body'),
    );
    expect(decode(writeMessage(message))).toBe(TEXT);
  });

  it('cuts a datagram to its length and refuses one that is too short', () => {
    expect(decode(read(`${TEXT}and more`).body)).toBe('body');
    const error = refusal(() => read(TEXT.slice(0, -1)));
    expect(error).toMatchObject({ code: 'body-truncated', status: 400 });
    expect(error.request?.callId).toBe('abc@a.example');
  });

  it('takes no line ending for a character of a name', () => {
    for (const [name, code] of [
      ['Call\rID', 'line-ending'],
      ['Call\nID', 'line-ending'],
      ['Call\r\n ID', 'header-malformed'],
      ['Call\r\nID', 'header-malformed'],
    ] as const) {
      expect(refusal(() => read(TEXT.replace(/^i(?=:)|^Call-ID(?=:)/im, name)))).toMatchObject({ code });
    }
  });

  it('knows a header in every spelling, and an unknown one in any case', () => {
    const names = {
      'CALL-ID': 'call-id',
      'call-id ': 'call-id',
      'I\t': 'call-id',
      'X-oDD': 'x-odd',
      Cal: 'cal',
    };
    for (const [name, key] of Object.entries(names)) {
      const message = read(`${TEXT.slice(0, TEXT.indexOf('\r\n') + 2)}${name}: 1\r\n\r\n`);
      expect(message.getAll(key)).toEqual(['1']);
      expect(message.fields[0]).toMatchObject({ key, name: name.trim(), value: '1' });
    }
    const message = read(TEXT);
    expect(message.set('x-ODD', 'new').getAll('X-Odd')).toEqual(['new']);
    expect(message.remove('x-odd').has('X-Odd')).toBe(false);
  });

  it('says where a header is malformed', () => {
    const error = refusal(() => read(TEXT.replace('X-Odd:', 'X Odd:')));
    expect(error).toMatchObject({ code: 'header-malformed', line: 11, column: 3 });
    expect(refusal(() => read(TEXT.replace('0042', '99999999999')).cseq)).toMatchObject({
      line: 8,
      column: 7,
    });
  });
});

describe('makeResponse', () => {
  it('copies what identifies the transaction and tags To once', () => {
    const request = read(TEXT).prepend('Record-Route', '<sip:p.example;lr>');
    const response = makeResponse(request, 180, undefined, { toTag: 'b1' });
    expect(decode(writeMessage(response)).split('\r\n').slice(0, 3)).toEqual([
      'SIP/2.0 180 Ringing',
      'Record-Route: <sip:p.example;lr>',
      'v: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1 ;rport, SIP/2.0/TCP [2001:db8::1];received=192.0.2.9',
    ]);
    expect(response.to.tag).toBe('b1');
    expect(makeResponse(request, 100, undefined, { toTag: 'b1' }).to.tag).toBeUndefined();
    expect(makeResponse(request, 486).has('Record-Route')).toBe(false);
  });

  it('lets no value break the lines', () => {
    const plan = { method: 'INFO', uri: 'sip:a@b', headers: [['X', 'a\r\nInjected: 1']] } as const;
    expect(() => makeRequest(plan)).toThrow(SipSyntaxError);
    expect(() => makeRequest({ ...plan, headers: [], uri: 'sip:a@b SIP/2.0\r\nX: 1' })).toThrow(
      SipSyntaxError,
    );
  });
});
