import { parseMessage, type SipMessage, writeMessage } from '@crosspoint/sip';
import { describe, expect, it } from 'vitest';
import { sipMessages } from '../checks/sip-messages.ts';
import { recorded } from '../diagnosis/recorded-calls.ts';
import type { Evidence } from '../evidence.ts';
import { defectById } from './defects.ts';
import { WIRE_DEFECTS } from './wire-defects.ts';

const parsed = (raw: string): SipMessage => parseMessage(new TextEncoder().encode(raw));
const textOf = (message: SipMessage): string => new TextDecoder().decode(writeMessage(message));
const nameOf = (message: SipMessage): string =>
  message.kind === 'request' ? message.method : `${message.status} (${message.cseq.method})`;

/** The messages that came to the proxy, or that it sent, before any bug. */
function seen(evidence: Evidence, direction: 'in' | 'out'): SipMessage[] {
  return sipMessages(evidence).flatMap(({ entry }) =>
    entry.node === 'proxy' && entry.direction === direction ? [parsed(entry.raw)] : [],
  );
}

/** Lines that are in one of two messages alone. */
function difference(before: SipMessage, after: SipMessage): string[] {
  const [one, other] = [textOf(before).split('\r\n'), textOf(after).split('\r\n')];
  return [
    ...one.filter((line) => !other.includes(line)).map((line) => `- ${line}`),
    ...other.filter((line) => !one.includes(line)).map((line) => `+ ${line}`),
  ];
}

/** What a bug makes of what came in: of each kind of message that it touches, what went on and what in it is new. */
function effects(id: string): string[] {
  const received = defectById(id)?.wire?.().received;
  if (received === undefined) return [];
  const all = seen(recorded(id), 'in').flatMap((message) => {
    const instead = received(message);
    if (instead.length === 1 && instead[0] === message) return [];
    const altered = instead.filter((each) => each !== message).flatMap((each) => difference(message, each));
    return [`${nameOf(message)} x${instead.length}`, ...altered.filter((line) => line.startsWith('+'))];
  });
  return [...new Set(all)];
}

describe('a bug on the wire', () => {
  it('takes PRACK away, and nothing else', () => {
    expect(effects('prack-lost')).toEqual(['PRACK x0']);
  });

  it("changes the Contact in the answers to INVITE, and nothing else's", () => {
    const [first, ...others] = effects('contact-unreachable');
    expect([first, others]).toEqual(['200 (INVITE) x1', ['+ Contact: <sip:gone.invalid>']]);
  });

  it('puts an answer of another branch before the early one', () => {
    const [first, ...others] = effects('fork-early');
    expect(first).toBe('183 (INVITE) x2');
    expect(others.map((line) => line.replace(/^(\+ To: ).*(;tag=)/, '$1...$2'))).toEqual([
      '+ To: ...;tag=losing-branch',
      expect.stringMatching(/^\+ Content-Length: \d+$/),
      '+ a=ice-ufrag:lost',
      '+ a=ice-pwd:ofabranchthatwilllose0000',
    ]);
  });

  it('changes the To tag of an INVITE within the call alone', () => {
    const found = effects('dialog-tag-changed');
    expect(found[0]).toBe('INVITE x1');
    expect(found.slice(1)).toEqual([expect.stringMatching(/^\+ To: <.*>;tag=.*-other$/)]);
  });

  it('takes the Reason of a CANCEL that goes out', () => {
    const sending = defectById('reason-stripped')?.wire?.().sending;
    const cancel = parsed(
      'CANCEL sip:bob@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:bob@b>\r\nCall-ID: 1\r\nCSeq: 1 CANCEL\r\nReason: SIP;cause=200;text="Call completed elsewhere"\r\nContent-Length: 0\r\n\r\n',
    );
    if (cancel.kind !== 'request') expect.unreachable('it is a request');
    expect(difference(cancel, sending!(cancel))).toEqual([
      '- Reason: SIP;cause=200;text="Call completed elsewhere"',
    ]);
    for (const message of seen(recorded('reason-stripped'), 'out'))
      if (message.kind === 'request' && message.method !== 'CANCEL') expect(sending!(message)).toBe(message);
  });

  it('lets a request of any size go by UDP, and touches none', () => {
    expect(defectById('mtu')?.wire?.()).toEqual({ anySize: true });
  });

  it('leaves alone what it is not about', () => {
    const register = parsed(
      'REGISTER sip:b SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n',
    );
    for (const { wire } of WIRE_DEFECTS) {
      const { received, sending } = wire!();
      expect(received?.(register) ?? [register]).toEqual([register]);
      if (register.kind === 'request') expect(sending?.(register) ?? register).toBe(register);
    }
  });
});
