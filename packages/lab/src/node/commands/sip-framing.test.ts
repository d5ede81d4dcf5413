import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameMessages } from './sip-framing.ts';

const MESSAGES = new URL('../../../../sip/src/fixtures/messages/', import.meta.url);
const INVITE = readFileSync(
  new URL('baresip-chrome-in-opus-02-rx-INVITE_sip_ai4mqprk_7j2fe3famsns_invalid.sip', MESSAGES),
);
const RINGING = readFileSync(new URL('baresip-chrome-out-opus-04-rx-SIP_2_0_180_Ringing.sip', MESSAGES));

const frames = (...parts: (Buffer | string)[]) =>
  frameMessages(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
const textOf = ({ bytes }: { readonly bytes: Uint8Array }) => Buffer.from(bytes).toString('latin1');

describe('frameMessages', () => {
  it('leaves a message alone', () => {
    expect(frames(INVITE).map(textOf)).toEqual([INVITE.toString('latin1')]);
  });

  it('cuts a stream where Content-Length says, keep-alives left out, and counts the lines above', () => {
    const cut = frames('\r\n', INVITE, RINGING, '\r\n\r\n', INVITE, '\r\n');
    expect(cut.map(textOf)).toEqual([INVITE, RINGING, INVITE].map((each) => each.toString('latin1')));
    const lines = (bytes: Buffer) => bytes.toString('latin1').split('\n').length - 1;
    expect(cut.map(({ linesBefore }) => linesBefore)).toEqual([
      1,
      1 + lines(INVITE),
      1 + lines(INVITE) + lines(RINGING) + 2,
    ]);
  });

  it('leaves with a message what does not begin like one', () => {
    expect(frames(RINGING, 'a=sendrecv\r\n').map(textOf)).toEqual([
      `${RINGING.toString('latin1')}a=sendrecv\r\n`,
    ]);
  });

  it('goes on behind a request that must be refused', () => {
    const refused = INVITE.toString('latin1').replace(/^INVITE sip:\S+/, 'INVITE <sip:a@b>');
    expect(frames(Buffer.from(refused, 'latin1'), RINGING).map(textOf)[1]).toBe(RINGING.toString('latin1'));
  });

  it('takes any bytes, and gives all but line endings back in order', () => {
    const part = fc.oneof(
      fc.constantFrom(INVITE, RINGING, Buffer.from('\r\n'), RINGING.subarray(0, 60)),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const cut = frames(...parts);
        expect(cut.length).toBeGreaterThan(0);
        const kept = cut.map(textOf).join('').replaceAll('\r\n', '');
        expect(kept).toBe(Buffer.concat(parts).toString('latin1').replaceAll('\r\n', ''));
      }),
    );
  });
});
