import { IceError } from '../ice-error.ts';
import { copyBytes } from './copy-bytes.ts';
import { decodeValue } from './decode-value.ts';
import type { StunAttribute } from './stun-attribute.ts';
import { STUN_HEADER_BYTES, type StunClass, type StunMessage } from './stun-message.ts';

const classes = ['request', 'indication', 'success', 'error'] as const satisfies readonly StunClass[];

/**
 * Decodes one whole message (RFC 8489 section 5). What it returns shares no memory with the input.
 * Nothing is verified here: that is for `verifyIntegrity` and `verifyFingerprint`.
 * Throws `IceError`: `stun-header`, `stun-length` or `stun-attribute`, with the byte offset.
 */
export function decodeStun(bytes: Uint8Array): StunMessage {
  checkHeader(bytes);
  const type = (bytes[0]! << 8) | bytes[1]!;
  const attributes: StunAttribute[] = [];
  const end = bytes.length;
  for (let at = STUN_HEADER_BYTES; at < end; ) {
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const start = at + 4;
    const stop = start + length;
    const padding = -length & 3;
    // The whole is a multiple of four and so is every part: a header cannot be cut, only a value.
    if (stop + padding > end) {
      throw new IceError(
        'stun-attribute',
        `a value of ${length} bytes leaves the message`,
        'RFC 8489 section 14',
        { offset: at + 2 },
      );
    }
    const attribute = decodeValue(bytes, (bytes[at]! << 8) | bytes[at + 1]!, start, stop);
    attributes.push(padding === 0 ? attribute : keepPadding(attribute, bytes, stop, stop + padding));
    at = stop + padding;
  }
  return {
    class: classes[((type >> 4) & 1) | ((type >> 7) & 2)]!,
    method: (type & 0xf) | ((type >> 1) & 0x70) | ((type >> 2) & 0xf80),
    transactionId: copyBytes(bytes, 8, STUN_HEADER_BYTES),
    attributes,
  };
}

function checkHeader(bytes: Uint8Array): void {
  const clause = 'RFC 8489 section 5';
  if (bytes.length < STUN_HEADER_BYTES) {
    throw new IceError('stun-length', `${bytes.length} bytes are no STUN header`, clause, {
      offset: bytes.length,
    });
  }
  if (bytes[0]! > 0x3f) {
    throw new IceError('stun-header', 'the first two bits are not zero', clause, { offset: 0 });
  }
  if (bytes[4] !== 0x21 || bytes[5] !== 0x12 || bytes[6] !== 0xa4 || bytes[7] !== 0x42) {
    throw new IceError('stun-header', 'the magic cookie is not 0x2112a442', clause, { offset: 4 });
  }
  const length = (bytes[2]! << 8) | bytes[3]!;
  if ((length & 3) !== 0) {
    throw new IceError('stun-length', `a length of ${length} is no multiple of 4`, clause, { offset: 2 });
  }
  if (STUN_HEADER_BYTES + length !== bytes.length) {
    const behind = bytes.length - STUN_HEADER_BYTES;
    throw new IceError('stun-length', `the header says ${length} bytes, ${behind} follow`, clause, {
      offset: 2,
    });
  }
}

function keepPadding(attribute: StunAttribute, bytes: Uint8Array, start: number, end: number): StunAttribute {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== 0) {
      return {
        ...attribute,
        padding: copyBytes(bytes, start, end),
      };
    }
  }
  return attribute;
}
