import { describe, expect, it } from 'vitest';
import { makeRequest, makeResponse } from '../message/make-message.ts';
import {
  confirmDialog,
  dialogFromRequest,
  dialogFromResponse,
  keyOf,
  nextRequest,
  receiveRequest,
  refreshTarget,
} from './dialog.ts';

const INVITE = makeRequest({
  method: 'INVITE',
  uri: 'sip:bob@b.example',
  headers: [
    ['Via', 'SIP/2.0/UDP a.example;branch=z9hG4bK1'],
    ['Record-Route', '<sip:p2.example;lr>, <sip:p1.example;lr>'],
    ['From', '"Alice, A" <sip:alice@a.example>;tag=a1;x=y'],
    ['To', '<sip:bob@b.example>'],
    ['Call-ID', 'c1'],
    ['CSeq', '7 INVITE'],
    ['Contact', '<sip:alice@192.0.2.1>'],
  ],
});

function answer(status: number, tag: string, contact = 'sip:bob@192.0.2.2') {
  return makeResponse(INVITE, status, undefined, { toTag: tag, headers: [['Contact', `<${contact}>`]] });
}

describe('dialogs (RFC 3261 section 12)', () => {
  it('caller and callee see the same dialog from both ends', () => {
    const uac = dialogFromResponse(INVITE, answer(200, 'b1'))!;
    const uas = dialogFromRequest(INVITE, 'b1', 'confirmed')!;
    expect(keyOf(uac)).toBe('c1 a1 b1');
    expect(keyOf(uas)).toBe('c1 b1 a1');
    expect(uac.routeSet).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
    expect(uas.routeSet).toEqual(['<sip:p2.example;lr>', '<sip:p1.example;lr>']);
    expect(uac.remoteTarget).toBe('sip:bob@192.0.2.2');
    expect(uas.remoteTarget).toBe('sip:alice@192.0.2.1');
    const { parts } = nextRequest(uas);
    expect(parts.to).toBe('"Alice, A" <sip:alice@a.example>;x=y;tag=a1');
    expect(parts.from).toBe('<sip:bob@b.example>;tag=b1');
  });

  it('keeps forks apart by To-tag; 100 and a 180 without tag make none', () => {
    const [one, two] = [
      dialogFromResponse(INVITE, answer(180, 'b1'))!,
      dialogFromResponse(INVITE, answer(183, 'b2'))!,
    ];
    expect(one.state).toBe('early');
    expect(keyOf(one)).not.toBe(keyOf(two));
    expect(dialogFromResponse(INVITE, makeResponse(INVITE, 100))).toBeUndefined();
    expect(dialogFromResponse(INVITE, makeResponse(INVITE, 180))).toBeUndefined();
    expect(dialogFromResponse(INVITE, answer(486, 'b1'))).toBeUndefined();
  });

  it('computes the route set again with the 2xx', () => {
    const early = dialogFromResponse(INVITE, answer(180, 'b1').remove('Record-Route'))!;
    expect(early.routeSet).toEqual([]);
    expect(confirmDialog(early, answer(200, 'b1', 'sip:b@192.0.2.9'))).toMatchObject({
      state: 'confirmed',
      remoteTarget: 'sip:b@192.0.2.9',
      routeSet: ['<sip:p1.example;lr>', '<sip:p2.example;lr>'],
    });
  });

  it('counts its requests, and the ACK has the number of its INVITE', () => {
    const dialog = dialogFromResponse(INVITE, answer(200, 'b1'))!;
    const bye = nextRequest(dialog);
    expect(bye.parts).toMatchObject({ cseqNumber: 8, uri: 'sip:bob@192.0.2.2', callId: 'c1' });
    expect(nextRequest(bye.dialog).parts.cseqNumber).toBe(9);
    const ack = nextRequest(bye.dialog, 7);
    expect(ack.parts.cseqNumber).toBe(7);
    expect(ack.dialog.localSeq).toBe(8);
  });

  it('refuses lower numbers of the far side', () => {
    const dialog = dialogFromRequest(INVITE, 'b1', 'confirmed')!;
    expect(receiveRequest(dialog, 7)).toBeUndefined();
    expect(receiveRequest(dialog, 6)).toBeUndefined();
    expect(receiveRequest(dialog, 20)?.remoteSeq).toBe(20);
  });

  it('asks a strict router itself, with the target at the end', () => {
    const dialog = {
      ...dialogFromResponse(INVITE, answer(200, 'b1'))!,
      routeSet: ['<sip:strict.example>', '<sip:p;lr>'],
    };
    expect(nextRequest(dialog).parts).toMatchObject({
      uri: 'sip:strict.example',
      routes: ['<sip:p;lr>', '<sip:bob@192.0.2.2>'],
    });
  });

  it('follows a target refresh', () => {
    const dialog = dialogFromRequest(INVITE, 'b1', 'confirmed')!;
    const moved = INVITE.set('Contact', '<sip:alice@192.0.2.77>');
    expect(refreshTarget(dialog, moved).remoteTarget).toBe('sip:alice@192.0.2.77');
    expect(refreshTarget(dialog, INVITE)).toBe(dialog);
  });
});
