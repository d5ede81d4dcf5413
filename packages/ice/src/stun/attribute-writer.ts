import { IceError } from '../ice-error.ts';

const utf8 = new TextEncoder();

/** A growing buffer that attributes are written into, big-endian. One is kept and used again for every message. */
export class AttributeWriter {
  bytes: Uint8Array = new Uint8Array(2048);
  at = 0;

  /** Makes room for `count` more bytes; every write below relies on it having been asked for. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + count));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
  }

  u8(value: number): void {
    this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value >>> 8;
    bytes[at + 1] = value;
    this.at = at + 2;
  }

  u32(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    this.at = at + 4;
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  words(values: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.u32(values[i]!);
  }

  zeros(count: number): void {
    const { bytes, at } = this;
    for (let i = 0; i < count; i++) bytes[at + i] = 0;
    this.at = at + count;
  }

  text(value: string): void {
    const length = value.length;
    this.reserve(length);
    const { bytes, at } = this;
    for (let i = 0; i < length; i++) {
      const c = value.charCodeAt(i);
      if (c > 0x7f) {
        this.raw(utf8.encode(value));
        return;
      }
      bytes[at + i] = c;
    }
    this.at = at + length;
  }
}

/** `value` if it is an integer of 0 to `limit`, else `stun-value`. */
export function inRange(value: number, limit: number, what: string, clause: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= limit) return value;
  throw new IceError('stun-value', `${what} must be an integer of 0 to ${limit}, not ${value}`, clause);
}
