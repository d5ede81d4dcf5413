import { FormatError } from '../format-error.ts';
import type { RtpHeaderExtension } from './packet.ts';

/** One element of an RFC 8285 header extension; `id` is what `a=extmap` gave. */
export interface ExtensionElement {
  readonly id: number;
  readonly data: Uint8Array;
}

const ONE_BYTE = 0xbede;

/**
 * Splits a header extension into its elements: one-byte form (profile 0xBEDE) and two-byte form (0x100x).
 * An unknown profile gives no elements, because nothing is known of its inside.
 * @throws FormatError when an element reaches beyond the extension (RFC 8285 sections 4.2, 4.3).
 */
export function decodeExtensionElements(extension: RtpHeaderExtension): ExtensionElement[] {
  const { profile, data } = extension;
  const oneByte = profile === ONE_BYTE;
  if (!oneByte && profile >> 4 !== 0x100) return [];
  const clause = oneByte ? 'RFC 8285 section 4.2' : 'RFC 8285 section 4.3';
  const elements: ExtensionElement[] = [];
  let at = 0;
  while (at < data.length) {
    const first = data[at]!;
    // A padding octet is one zero octet in both forms.
    if (first === 0) {
      at += 1;
      continue;
    }
    if (oneByte && first >> 4 === 15) break;
    if (!oneByte && at + 1 >= data.length) {
      throw new FormatError('truncated', at, clause, 'element without a length');
    }
    const start = oneByte ? at + 1 : at + 2;
    const end = start + (oneByte ? (first & 0x0f) + 1 : data[at + 1]!);
    if (end > data.length)
      throw new FormatError('bad-length', at, clause, 'element longer than its extension');
    elements.push({ id: oneByte ? first >> 4 : first, data: data.subarray(start, end) });
    at = end;
  }
  return elements;
}

/**
 * Joins elements in the one-byte form, or in the two-byte form where one needs it, padded to 32 bits.
 * @throws FormatError when an id or a length fits neither form.
 */
export function encodeExtensionElements(elements: readonly ExtensionElement[]): RtpHeaderExtension {
  const oneByte = elements.every(
    ({ id, data }) => id >= 1 && id <= 14 && data.length >= 1 && data.length <= 16,
  );
  const octets: number[] = [];
  for (const { id, data } of elements) {
    if (id < 1 || id > 255 || data.length > 255) {
      throw new FormatError('bad-value', octets.length, 'RFC 8285 section 4.3', `element ${id} fits no form`);
    }
    if (oneByte) octets.push((id << 4) | (data.length - 1), ...data);
    else octets.push(id, data.length, ...data);
  }
  while (octets.length % 4 !== 0) octets.push(0);
  return { profile: oneByte ? ONE_BYTE : 0x1000, data: Uint8Array.from(octets) };
}
