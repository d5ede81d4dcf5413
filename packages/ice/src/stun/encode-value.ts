import { IceError } from '../ice-error.ts';
import { parseIpAddress } from '../ip-address.ts';
import { type AttributeWriter, inRange } from './attribute-writer.ts';
import type {
  AddressFamily,
  KnownStunAttribute,
  PasswordAlgorithm,
  StunErrorCode,
  TransportAddress,
} from './stun-attribute.ts';

/** Writes the value of a known attribute, without header and padding. The 20 bytes of header stand in front. */
export function encodeValue(writer: AttributeWriter, attribute: KnownStunAttribute): void {
  // The longest value of fixed length has 20 bytes; those of free length ask for their own room.
  writer.reserve(32);
  switch (attribute.type) {
    case 'USERNAME':
    case 'SOFTWARE':
    case 'REALM':
    case 'NONCE':
    case 'ALTERNATE-DOMAIN':
      writer.text(attribute.value);
      break;
    case 'PRIORITY':
    case 'LIFETIME':
    case 'FINGERPRINT':
    case 'CONNECTION-ID':
      writer.u32(inRange(attribute.value, 0xffffffff, attribute.type, 'RFC 8489 section 14'));
      break;
    case 'ICE-CONTROLLING':
    case 'ICE-CONTROLLED':
      writeU64(writer, attribute.value);
      break;
    case 'USE-CANDIDATE':
    case 'DONT-FRAGMENT':
      break;
    case 'XOR-MAPPED-ADDRESS':
    case 'XOR-PEER-ADDRESS':
    case 'XOR-RELAYED-ADDRESS':
      writeAddress(writer, attribute.value, true);
      break;
    case 'MAPPED-ADDRESS':
    case 'ALTERNATE-SERVER':
    case 'RESPONSE-ORIGIN':
    case 'OTHER-ADDRESS':
      writeAddress(writer, attribute.value, false);
      break;
    case 'MESSAGE-INTEGRITY':
    case 'MESSAGE-INTEGRITY-SHA256':
    case 'USERHASH':
    case 'DATA':
    case 'RESERVATION-TOKEN':
      writer.raw(attribute.value);
      break;
    case 'ERROR-CODE':
      writer.u16(0);
      writeErrorCode(writer, attribute.value);
      break;
    case 'ADDRESS-ERROR-CODE':
      writer.u8(familyCode(attribute.value.family));
      writer.u8(0);
      writeErrorCode(writer, attribute.value);
      break;
    case 'UNKNOWN-ATTRIBUTES':
      writer.reserve(attribute.value.length * 2);
      for (const code of attribute.value) {
        writer.u16(inRange(code, 0xffff, 'an attribute type', 'RFC 8489 section 14.13'));
      }
      break;
    case 'CHANNEL-NUMBER':
      writer.u16(inRange(attribute.value, 0xffff, 'CHANNEL-NUMBER', 'RFC 8656 section 18.1'));
      writer.u16(0);
      break;
    case 'REQUESTED-TRANSPORT':
      writer.u8(inRange(attribute.value, 0xff, 'REQUESTED-TRANSPORT', 'RFC 8656 section 18.8'));
      writer.zeros(3);
      break;
    case 'REQUESTED-ADDRESS-FAMILY':
    case 'ADDITIONAL-ADDRESS-FAMILY':
      writer.u8(familyCode(attribute.value));
      writer.zeros(3);
      break;
    case 'EVEN-PORT':
      writer.u8(attribute.value.reserveNext ? 0x80 : 0);
      break;
    case 'PASSWORD-ALGORITHM':
      writePasswordAlgorithm(writer, attribute.value);
      break;
    case 'PASSWORD-ALGORITHMS':
      for (const algorithm of attribute.value) writePasswordAlgorithm(writer, algorithm);
      break;
    case 'ICMP': {
      const { icmpType, icmpCode, data } = attribute.value;
      inRange(icmpType, 0x7f, 'the ICMP type', 'RFC 8656 section 18.13');
      inRange(icmpCode, 0x1ff, 'the ICMP code', 'RFC 8656 section 18.13');
      writer.u16(0);
      writer.u16((icmpType << 9) | icmpCode);
      writer.u32(inRange(data, 0xffffffff, 'the ICMP error data', 'RFC 8656 section 18.13'));
      break;
    }
    case 'CHANGE-REQUEST':
      writer.u32((attribute.value.ip ? 4 : 0) | (attribute.value.port ? 2 : 0));
      break;
    case 'GOOG-NETWORK-INFO':
      writer.u16(inRange(attribute.value.networkId, 0xffff, 'the network id', 'libwebrtc stun.h'));
      writer.u16(inRange(attribute.value.networkCost, 0xffff, 'the network cost', 'libwebrtc stun.h'));
      break;
  }
}

function writeU64(writer: AttributeWriter, value: bigint): void {
  if (value < 0n || value > 0xffffffffffffffffn) {
    throw new IceError('stun-value', `a tie-breaker has 64 bits, ${value} has not`, 'RFC 8445 section 16.1');
  }
  writer.u32(Number(value >> 32n));
  writer.u32(Number(value & 0xffffffffn));
}

/** RFC 8489 sections 14.1 and 14.2. The XOR is with the cookie and the transaction id, as they stand in the header. */
function writeAddress(writer: AttributeWriter, { address, port }: TransportAddress, xor: boolean): void {
  const ip = parseIpAddress(address);
  if (ip === undefined) {
    throw new IceError('stun-value', `"${address}" is no IP address`, 'RFC 8489 section 14.1');
  }
  inRange(port, 0xffff, 'a port', 'RFC 8489 section 14.1');
  writer.u8(0);
  writer.u8(ip.length === 4 ? 1 : 2);
  writer.u16(xor ? port ^ 0x2112 : port);
  for (let i = 0; i < ip.length; i++) writer.u8(xor ? ip[i]! ^ writer.bytes[4 + i]! : ip[i]!);
}

function writeErrorCode(writer: AttributeWriter, { code, reason }: StunErrorCode): void {
  if (!(Number.isInteger(code) && code >= 300 && code <= 699)) {
    throw new IceError('stun-value', `an error code is 300 to 699, ${code} is not`, 'RFC 8489 section 14.8');
  }
  writer.u8(Math.floor(code / 100));
  writer.u8(code % 100);
  writer.text(reason);
}

/** RFC 8489 section 14.12: parameters are padded to four bytes within the value. */
function writePasswordAlgorithm(writer: AttributeWriter, { algorithm, parameters }: PasswordAlgorithm): void {
  const padding = -parameters.length & 3;
  writer.reserve(4 + parameters.length + padding);
  writer.u16(inRange(algorithm, 0xffff, 'a password algorithm', 'RFC 8489 section 14.12'));
  writer.u16(inRange(parameters.length, 0xffff, "the parameters' length", 'RFC 8489 section 14.12'));
  writer.raw(parameters);
  writer.zeros(padding);
}

function familyCode(family: AddressFamily): number {
  return family === 'IPv4' ? 1 : 2;
}
