import { cheapestEncoding } from '../known-ascii.ts';

const FINAL_TEXT = 0x81;
const LINE_FEED = 10;
/** Longer payloads have their length in two bytes, and then in eight (RFC 6455 section 5.2). */
const SHORT = 125;
const MEDIUM = 0xffff;
/** More than one character of UTF-8 takes, so that a text which is not ASCII runs past its length in characters. */
const SLACK = 4;
const SCRATCH_LENGTH = 64 * 1024;

/** Where frames are written; its first bytes are in the processor's cache, which those of a new one would not be. */
let scratch = Buffer.allocUnsafeSlow(SCRATCH_LENGTH);

/**
 * One unmasked text frame (RFC 6455 section 5.2) with a message in it, in one piece: the library would hand header and
 * payload to the socket apart, and a string to be encoded on the way. The frame is lent: it is only good until the
 * next one is encoded, unless `giveFrameAway` is called first.
 */
export function encodeTextFrame(line: string, sdp?: string): Buffer {
  const characters = sdp === undefined ? line.length : line.length + 1 + sdp.length;
  const payload = headerLength(characters);
  const room = payload + characters + SLACK;
  if (room > SCRATCH_LENGTH) return encodeLong(line, sdp);
  let end = payload + scratch.write(line, payload, room - payload, 'utf8');
  if (sdp !== undefined && end < room) {
    scratch[end++] = LINE_FEED;
    if (end < room) end += scratch.write(sdp, end, room - end, cheapestEncoding(sdp));
  }
  // As many bytes as characters: all of it is ASCII and all of it is written.
  if (end - payload !== characters) return encodeLong(line, sdp);
  writeHeader(scratch, characters);
  return scratch.subarray(0, end);
}

/** Leaves the frame that was encoded last to who has it. */
export function giveFrameAway(frame: Buffer): void {
  if (frame.buffer === scratch.buffer) scratch = Buffer.allocUnsafeSlow(SCRATCH_LENGTH);
}

function encodeLong(line: string, sdp: string | undefined): Buffer {
  const text = sdp === undefined ? line : `${line}\n${sdp}`;
  const bytes = Buffer.byteLength(text);
  const payload = headerLength(bytes);
  const frame = Buffer.allocUnsafe(payload + bytes);
  frame.write(text, payload, 'utf8');
  writeHeader(frame, bytes);
  return frame;
}

function headerLength(bytes: number): number {
  if (bytes <= SHORT) return 2;
  return bytes <= MEDIUM ? 4 : 10;
}

function writeHeader(frame: Buffer, bytes: number): void {
  frame[0] = FINAL_TEXT;
  if (bytes <= SHORT) frame[1] = bytes;
  else if (bytes <= MEDIUM) {
    frame[1] = 126;
    frame[2] = bytes >>> 8;
    frame[3] = bytes & 0xff;
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(bytes, 6);
  }
}
