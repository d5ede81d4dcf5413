import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/** The suites of RFC 4568 section 6.2 that use AES in counter mode with 128 bits. */
export type SrtpSuite = 'AES_CM_128_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_32';

/** Octets of a master key with its salt (RFC 4568 section 6.1). */
export const MASTER_LENGTH = 30;
const KEY_LENGTH = 16;
const SALT_LENGTH = 14;
const AUTH_LENGTH = 20;
const RTCP_TAG = 10;
/** Packets back from the newest that are still told from a replay (RFC 3711 section 3.3.2). */
const WINDOW = 64;
const MOST_SOURCES = 64;
const LARGEST_RTCP_INDEX = 0x7fffffff;

interface SessionKeys {
  readonly key: Buffer;
  readonly auth: Buffer;
  readonly salt: Buffer;
}

/** A session key of RFC 3711 section 4.3.1, without a derivation rate. */
export function deriveKey(master: Uint8Array, label: number, length: number): Buffer {
  const iv = Buffer.alloc(16);
  iv.set(master.subarray(KEY_LENGTH, MASTER_LENGTH));
  iv[7]! ^= label;
  return createCipheriv('aes-128-ctr', master.subarray(0, KEY_LENGTH), iv).update(Buffer.alloc(length));
}

function sessionKeys(master: Uint8Array, label: number): SessionKeys {
  return {
    key: deriveKey(master, label, KEY_LENGTH),
    auth: deriveKey(master, label + 1, AUTH_LENGTH),
    salt: deriveKey(master, label + 2, SALT_LENGTH),
  };
}

/** What is known of one synchronisation source: its newest index, and which near it were seen. */
interface SourceState {
  newest: number;
  readonly seen: Float64Array;
}

/** One direction of SRTP and SRTCP under one master key (RFC 3711): to protect or to unprotect, not both. */
export class SrtpContext {
  readonly #tag: number;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  readonly #sources = new Map<number, SourceState>();
  readonly #rtcpSources = new Map<number, SourceState>();
  #rtcpIndex = 0;

  constructor(suite: SrtpSuite, master: Uint8Array) {
    this.#tag = suite === 'AES_CM_128_HMAC_SHA1_80' ? 10 : 4;
    this.#rtp = sessionKeys(master, 0);
    this.#rtcp = sessionKeys(master, 3);
  }

  /** An RTP packet, encrypted and with its tag; undefined where it is no RTP. */
  protect(packet: Buffer): Buffer | undefined {
    const header = headerLength(packet);
    if (header === undefined) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const source = stateOf(this.#sources, ssrc);
    const index = indexOf(source, packet.readUInt16BE(2));
    // From before the first one: it has no index.
    if (index < 0) return undefined;
    if (index > source.newest) source.newest = index;
    const body = crypt(this.#rtp, ssrc, index, packet.subarray(header));
    const tag = authenticate(this.#rtp, [packet.subarray(0, header), body, rollOver(index)], this.#tag);
    return Buffer.concat([packet.subarray(0, header), body, tag]);
  }

  /** The RTP packet; undefined where it is not authentic or was seen already. */
  unprotect(packet: Buffer): Buffer | undefined {
    const header = headerLength(packet);
    const end = packet.length - this.#tag;
    if (header === undefined || end < header) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const source = this.#sources.get(ssrc) ?? newState();
    const index = indexOf(source, packet.readUInt16BE(2));
    if (index < 0 || isReplay(source, index)) return undefined;
    const tag = authenticate(this.#rtp, [packet.subarray(0, end), rollOver(index)], this.#tag);
    if (!timingSafeEqual(tag, packet.subarray(end))) return undefined;
    remember(this.#sources, ssrc, source, index);
    return Buffer.concat([
      packet.subarray(0, header),
      crypt(this.#rtp, ssrc, index, packet.subarray(header, end)),
    ]);
  }

  /** A compound RTCP packet, encrypted, with its index and tag (section 3.4). */
  protectRtcp(packet: Buffer): Buffer {
    this.#rtcpIndex = (this.#rtcpIndex + 1) & LARGEST_RTCP_INDEX;
    const body = crypt(this.#rtcp, packet.readUInt32BE(4), this.#rtcpIndex, packet.subarray(8));
    const index = Buffer.alloc(4);
    index.writeUInt32BE((0x80000000 | this.#rtcpIndex) >>> 0);
    const whole = [packet.subarray(0, 8), body, index];
    return Buffer.concat([...whole, authenticate(this.#rtcp, whole, RTCP_TAG)]);
  }

  /** The RTCP packet; undefined where it is not authentic or was seen already. */
  unprotectRtcp(packet: Buffer): Buffer | undefined {
    const end = packet.length - RTCP_TAG - 4;
    if (end < 8) return undefined;
    const tag = authenticate(this.#rtcp, [packet.subarray(0, end + 4)], RTCP_TAG);
    if (!timingSafeEqual(tag, packet.subarray(end + 4))) return undefined;
    const ssrc = packet.readUInt32BE(4);
    const word = packet.readUInt32BE(end);
    const index = word & LARGEST_RTCP_INDEX;
    const source = this.#rtcpSources.get(ssrc) ?? newState();
    if (isReplay(source, index)) return undefined;
    remember(this.#rtcpSources, ssrc, source, index);
    const encrypted = word >>> 31 === 1;
    const body = packet.subarray(8, end);
    return Buffer.concat([packet.subarray(0, 8), encrypted ? crypt(this.#rtcp, ssrc, index, body) : body]);
  }
}

function headerLength(packet: Buffer): number | undefined {
  if (packet.length < 12 || packet[0]! >> 6 !== 2) return undefined;
  let length = 12 + 4 * (packet[0]! & 0x0f);
  if ((packet[0]! & 0x10) !== 0) {
    if (packet.length < length + 4) return undefined;
    length += 4 + 4 * packet.readUInt16BE(length + 2);
  }
  return packet.length < length ? undefined : length;
}

/** Section 4.1.1: salt, source and index make the counter's start. */
function crypt({ key, salt }: SessionKeys, ssrc: number, index: number, body: Buffer): Buffer {
  const iv = Buffer.alloc(16);
  iv.set(salt);
  iv.writeUInt32BE((iv.readUInt32BE(4) ^ ssrc) >>> 0, 4);
  iv.writeUInt16BE(iv.readUInt16BE(8) ^ Math.floor(index / 2 ** 32), 8);
  iv.writeUInt32BE((iv.readUInt32BE(10) ^ (index % 2 ** 32)) >>> 0, 10);
  return createCipheriv('aes-128-ctr', key, iv).update(body);
}

function authenticate({ auth }: SessionKeys, parts: readonly Buffer[], length: number): Buffer {
  const hmac = createHmac('sha1', auth);
  for (const part of parts) hmac.update(part);
  return hmac.digest().subarray(0, length);
}

function rollOver(index: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Math.floor(index / 0x10000));
  return bytes;
}

const newState = (): SourceState => ({ newest: -1, seen: new Float64Array(WINDOW).fill(-1) });

function stateOf(sources: Map<number, SourceState>, ssrc: number): SourceState {
  let state = sources.get(ssrc);
  if (state === undefined) {
    // Sources come from outside: a flood of them must not fill the memory.
    if (sources.size >= MOST_SOURCES) sources.delete(sources.keys().next().value!);
    state = newState();
    sources.set(ssrc, state);
  }
  return state;
}

/** Appendix A: the index of a sequence number, the nearest to the newest one. */
function indexOf({ newest }: SourceState, sequence: number): number {
  if (newest < 0) return sequence;
  const turn = Math.floor(newest / 0x10000);
  const last = newest % 0x10000;
  if (last < 0x8000) return (sequence - last > 0x8000 ? turn - 1 : turn) * 0x10000 + sequence;
  return (last - 0x8000 > sequence ? turn + 1 : turn) * 0x10000 + sequence;
}

const isReplay = ({ newest, seen }: SourceState, index: number): boolean =>
  index <= newest - WINDOW || seen[index % WINDOW] === index;

/** Kept only once it is authentic: a forged packet must not move the window. */
function remember(sources: Map<number, SourceState>, ssrc: number, state: SourceState, index: number): void {
  if (!sources.has(ssrc)) {
    if (sources.size >= MOST_SOURCES) sources.delete(sources.keys().next().value!);
    sources.set(ssrc, state);
  }
  state.seen[index % WINDOW] = index;
  if (index > state.newest) state.newest = index;
}
