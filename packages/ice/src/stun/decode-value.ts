import { IceError } from '../ice-error.ts';
import { writeIpAddress } from '../ip-address.ts';
import { decodeText, isUtf8 } from './attribute-text.ts';
import { copyBytes } from './copy-bytes.ts';
import type {
  AddressFamily,
  KnownStunAttribute,
  PasswordAlgorithm,
  StunAttribute,
  StunErrorCode,
  TransportAddress,
} from './stun-attribute.ts';

const word = new DataView(new ArrayBuffer(8));

/** Reads the value at `bytes[start..end)` of a message that begins at `bytes[0]`. Throws `stun-attribute`. */
export function decodeValue(bytes: Uint8Array, code: number, start: number, end: number): StunAttribute {
  switch (code) {
    case 0x0001:
      return address('MAPPED-ADDRESS', bytes, start, end, false);
    case 0x0003: {
      const flags = u32(bytes, start, end, 'CHANGE-REQUEST', 'RFC 5780 section 7.2');
      const value = { ip: (flags & 4) !== 0, port: (flags & 2) !== 0 };
      return keeping(flags & ~6, { type: 'CHANGE-REQUEST', value }, bytes, start, end);
    }
    case 0x0006:
      return text('USERNAME', bytes, start, end);
    case 0x0008:
      need(end - start === 20, start, 'MESSAGE-INTEGRITY has 20 bytes', 'RFC 8489 section 14.5');
      return { type: 'MESSAGE-INTEGRITY', value: copyBytes(bytes, start, end) };
    case 0x0009: {
      need(end - start >= 4, start, 'ERROR-CODE has at least 4 bytes', 'RFC 8489 section 14.8');
      const reserved =
        bytes[start]! | bytes[start + 1]! | (bytes[start + 2]! & 0xf8) | oddText(bytes, start + 4, end);
      return keeping(
        reserved,
        { type: 'ERROR-CODE', value: errorCode(bytes, start, end) },
        bytes,
        start,
        end,
      );
    }
    case 0x000a: {
      need(
        ((end - start) & 1) === 0,
        start,
        'UNKNOWN-ATTRIBUTES is a list of 16 bits',
        'RFC 8489 section 14.13',
      );
      const value: number[] = [];
      for (let i = start; i < end; i += 2) value.push(u16(bytes, i));
      return { type: 'UNKNOWN-ATTRIBUTES', value };
    }
    case 0x000c: {
      need(end - start === 4, start, 'CHANNEL-NUMBER has 4 bytes', 'RFC 8656 section 18.1');
      const attribute = { type: 'CHANNEL-NUMBER', value: u16(bytes, start) } as const;
      return keeping(u16(bytes, start + 2), attribute, bytes, start, end);
    }
    case 0x000d:
      return { type: 'LIFETIME', value: u32(bytes, start, end, 'LIFETIME', 'RFC 8656 section 18.2') };
    case 0x0012:
      return address('XOR-PEER-ADDRESS', bytes, start, end, true);
    case 0x0013:
      return { type: 'DATA', value: copyBytes(bytes, start, end) };
    case 0x0014:
      return text('REALM', bytes, start, end);
    case 0x0015:
      return text('NONCE', bytes, start, end);
    case 0x0016:
      return address('XOR-RELAYED-ADDRESS', bytes, start, end, true);
    case 0x0017:
      return family('REQUESTED-ADDRESS-FAMILY', bytes, start, end);
    case 0x0018: {
      need(end - start === 1, start, 'EVEN-PORT has 1 byte', 'RFC 8656 section 18.7');
      const value = { reserveNext: (bytes[start]! & 0x80) !== 0 };
      return keeping(bytes[start]! & 0x7f, { type: 'EVEN-PORT', value }, bytes, start, end);
    }
    case 0x0019: {
      need(end - start === 4, start, 'REQUESTED-TRANSPORT has 4 bytes', 'RFC 8656 section 18.8');
      const attribute = { type: 'REQUESTED-TRANSPORT', value: bytes[start]! } as const;
      return keeping(bytes[start + 1]! | u16(bytes, start + 2), attribute, bytes, start, end);
    }
    case 0x001a:
      need(end === start, start, 'DONT-FRAGMENT is empty', 'RFC 8656 section 18.9');
      return { type: 'DONT-FRAGMENT', value: true };
    case 0x001c: {
      const length = end - start;
      const fits = length >= 16 && length <= 32 && (length & 3) === 0;
      need(fits, start, 'MESSAGE-INTEGRITY-SHA256 has 16 to 32 bytes', 'RFC 8489 section 14.6');
      return { type: 'MESSAGE-INTEGRITY-SHA256', value: copyBytes(bytes, start, end) };
    }
    case 0x001d: {
      const [value] = passwordAlgorithms(bytes, start, end, 1);
      return keeping(
        oddAlgorithms(bytes, start, end),
        { type: 'PASSWORD-ALGORITHM', value: value! },
        bytes,
        start,
        end,
      );
    }
    case 0x001e:
      need(end - start === 32, start, 'USERHASH has 32 bytes', 'RFC 8489 section 14.4');
      return { type: 'USERHASH', value: copyBytes(bytes, start, end) };
    case 0x0020:
      return address('XOR-MAPPED-ADDRESS', bytes, start, end, true);
    case 0x0022:
      need(end - start === 8, start, 'RESERVATION-TOKEN has 8 bytes', 'RFC 8656 section 18.10');
      return { type: 'RESERVATION-TOKEN', value: copyBytes(bytes, start, end) };
    case 0x0024:
      return { type: 'PRIORITY', value: u32(bytes, start, end, 'PRIORITY', 'RFC 8445 section 16.1') };
    case 0x0025:
      need(end === start, start, 'USE-CANDIDATE is empty', 'RFC 8445 section 16.1');
      return { type: 'USE-CANDIDATE', value: true };
    case 0x002a:
      return {
        type: 'CONNECTION-ID',
        value: u32(bytes, start, end, 'CONNECTION-ID', 'RFC 6062 section 6.2.1'),
      };
    case 0x8000:
      return family('ADDITIONAL-ADDRESS-FAMILY', bytes, start, end);
    case 0x8001: {
      need(end - start >= 4, start, 'ADDRESS-ERROR-CODE has at least 4 bytes', 'RFC 8656 section 18.12');
      const value = { family: familyOf(bytes[start]!, start), ...errorCode(bytes, start, end) };
      const reserved = bytes[start + 1]! | (bytes[start + 2]! & 0xf8) | oddText(bytes, start + 4, end);
      return keeping(reserved, { type: 'ADDRESS-ERROR-CODE', value }, bytes, start, end);
    }
    case 0x8002: {
      const value = passwordAlgorithms(bytes, start, end, Number.POSITIVE_INFINITY);
      return keeping(
        oddAlgorithms(bytes, start, end),
        { type: 'PASSWORD-ALGORITHMS', value },
        bytes,
        start,
        end,
      );
    }
    case 0x8003:
      return text('ALTERNATE-DOMAIN', bytes, start, end);
    case 0x8004: {
      need(end - start === 8, start, 'ICMP has 8 bytes', 'RFC 8656 section 18.13');
      const packed = u16(bytes, start + 2);
      const value = { icmpType: packed >>> 9, icmpCode: packed & 0x1ff, data: u32At(bytes, start + 4) };
      return keeping(u16(bytes, start), { type: 'ICMP', value }, bytes, start, end);
    }
    case 0x8022:
      return text('SOFTWARE', bytes, start, end);
    case 0x8023:
      return address('ALTERNATE-SERVER', bytes, start, end, false);
    case 0x8028:
      return { type: 'FINGERPRINT', value: u32(bytes, start, end, 'FINGERPRINT', 'RFC 8489 section 14.7') };
    case 0x8029:
      return { type: 'ICE-CONTROLLED', value: u64(bytes, start, end) };
    case 0x802a:
      return { type: 'ICE-CONTROLLING', value: u64(bytes, start, end) };
    case 0x802b:
      return address('RESPONSE-ORIGIN', bytes, start, end, false);
    case 0x802c:
      return address('OTHER-ADDRESS', bytes, start, end, false);
    case 0xc057: {
      const value = u32(bytes, start, end, 'GOOG-NETWORK-INFO', 'libwebrtc stun.h');
      return { type: 'GOOG-NETWORK-INFO', value: { networkId: value >>> 16, networkCost: value & 0xffff } };
    }
    default:
      return { type: 'unknown', code, value: copyBytes(bytes, start, end) };
  }
}

type TextName = 'USERNAME' | 'REALM' | 'NONCE' | 'SOFTWARE' | 'ALTERNATE-DOMAIN';

function text(type: TextName, bytes: Uint8Array, start: number, end: number): KnownStunAttribute {
  const value = decodeText(bytes, start, end);
  if (value.includes('\ufffd'))
    return keeping(oddText(bytes, start, end), { type, value }, bytes, start, end);
  return { type, value };
}

/** Bytes that no text gives back: not UTF-8. */
function oddText(bytes: Uint8Array, start: number, end: number): number {
  return isUtf8(bytes.subarray(start, end)) ? 0 : 1;
}

type AddressName =
  | 'MAPPED-ADDRESS'
  | 'XOR-MAPPED-ADDRESS'
  | 'XOR-PEER-ADDRESS'
  | 'XOR-RELAYED-ADDRESS'
  | 'ALTERNATE-SERVER'
  | 'RESPONSE-ORIGIN'
  | 'OTHER-ADDRESS';

/** RFC 8489 sections 14.1 and 14.2; the XOR is with the header's cookie and transaction id, bytes 4 to 19. */
function address(
  type: AddressName,
  bytes: Uint8Array,
  start: number,
  end: number,
  xor: boolean,
): KnownStunAttribute {
  const length = end - start;
  const kind = length >= 4 ? bytes[start + 1]! : 0;
  const fits = (kind === 1 && length === 8) || (kind === 2 && length === 20);
  need(fits, start, `${type} is neither IPv4 in 8 bytes nor IPv6 in 20`, 'RFC 8489 section 14.1');
  const port = u16(bytes, start + 2);
  const at = start + 4;
  const ip = bytes.slice(at, end);
  if (xor) for (let i = 0; i < ip.length; i++) ip[i] = ip[i]! ^ bytes[4 + i]!;
  const value: TransportAddress = { address: writeIpAddress(ip), port: xor ? port ^ 0x2112 : port };
  return keeping(bytes[start]!, { type, value }, bytes, start, end);
}

function family(
  type: 'REQUESTED-ADDRESS-FAMILY' | 'ADDITIONAL-ADDRESS-FAMILY',
  bytes: Uint8Array,
  start: number,
  end: number,
): KnownStunAttribute {
  need(end - start === 4, start, `${type} has 4 bytes`, 'RFC 8656 section 18.6');
  const reserved = bytes[start + 1]! | u16(bytes, start + 2);
  return keeping(reserved, { type, value: familyOf(bytes[start]!, start) }, bytes, start, end);
}

function familyOf(code: number, at: number): AddressFamily {
  need(code === 1 || code === 2, at, `${code} is no address family`, 'RFC 8656 section 18.6');
  return code === 1 ? 'IPv4' : 'IPv6';
}

function errorCode(bytes: Uint8Array, start: number, end: number): StunErrorCode {
  const hundreds = bytes[start + 2]! & 7;
  const rest = bytes[start + 3]!;
  const fits = hundreds >= 3 && hundreds <= 6 && rest <= 99;
  need(fits, start + 2, `class ${hundreds} number ${rest} is no error code`, 'RFC 8489 section 14.8');
  return { code: hundreds * 100 + rest, reason: decodeText(bytes, start + 4, end) };
}

function passwordAlgorithms(
  bytes: Uint8Array,
  start: number,
  end: number,
  most: number,
): PasswordAlgorithm[] {
  const clause = 'RFC 8489 section 14.11';
  const algorithms: PasswordAlgorithm[] = [];
  let at = start;
  do {
    need(at + 4 <= end, at, 'a password algorithm has 4 bytes and its parameters', clause);
    const length = u16(bytes, at + 2);
    const next = at + 4 + length + (-length & 3);
    need(next <= end, at + 2, `parameters of ${length} bytes leave the attribute`, clause);
    algorithms.push({ algorithm: u16(bytes, at), parameters: copyBytes(bytes, at + 4, at + 4 + length) });
    at = next;
  } while (at < end && algorithms.length < most);
  need(at === end, at, 'bytes behind the password algorithm', 'RFC 8489 section 14.12');
  return algorithms;
}

/** Not zero where parameters are padded with other bytes than zero. */
function oddAlgorithms(bytes: Uint8Array, start: number, end: number): number {
  let odd = 0;
  for (let at = start; at < end; ) {
    const length = u16(bytes, at + 2);
    const next = at + 4 + length + (-length & 3);
    for (let i = at + 4 + length; i < next; i++) odd |= bytes[i]!;
    at = next;
  }
  return odd;
}

/** Adds the bytes as received where some of their bits (`reserved`) are not in the value. */
function keeping(
  reserved: number,
  attribute: KnownStunAttribute,
  bytes: Uint8Array,
  start: number,
  end: number,
): KnownStunAttribute {
  return reserved === 0 ? attribute : { ...attribute, raw: copyBytes(bytes, start, end) };
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function u32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function u32(bytes: Uint8Array, start: number, end: number, what: string, clause: string): number {
  if (end - start !== 4) throw malformed(start, `${what} has 4 bytes`, clause);
  return u32At(bytes, start);
}

function u64(bytes: Uint8Array, start: number, end: number): bigint {
  need(end - start === 8, start, 'a tie-breaker has 8 bytes', 'RFC 8445 section 16.1');
  word.setUint32(0, u32At(bytes, start));
  word.setUint32(4, u32At(bytes, start + 4));
  return word.getBigUint64(0);
}

function need(holds: boolean, offset: number, detail: string, clause: string): void {
  if (!holds) throw malformed(offset, detail, clause);
}

function malformed(offset: number, detail: string, clause: string): IceError {
  return new IceError('stun-attribute', detail, clause, { offset });
}
