import { cheapestEncoding } from '../known-ascii.ts';

const FINAL_TEXT = 0x81;
const LINE_FEED = 10;
/** Longer payloads have their length in two bytes, and then in eight (RFC 6455 section 5.2). */
const SHORT = 125;
const MEDIUM = 0xffff;
/** More than one character of UTF-8 takes, so that a text which is not ASCII runs past its length in characters. */
const SLACK = 4;

/**
 * Writes one unmasked text frame (RFC 6455 section 5.2) with a message in it into `room` at `at`: a line and, where there
 * is one, a body behind a line feed.
 * @returns where the frame ends, or -1 where it is not all ASCII or does not fit with a little to spare
 */
export function putTextFrame(room: Buffer, at: number, line: string, body?: string): number {
  const characters = body === undefined ? line.length : line.length + 1 + body.length;
  const payload = at + headerLength(characters);
  const limit = payload + characters + SLACK;
  if (limit > room.length) return -1;
  let end = payload + room.write(line, payload, limit - payload, 'utf8');
  if (body !== undefined && end < limit) {
    room[end++] = LINE_FEED;
    if (end < limit) end += room.write(body, end, limit - end, cheapestEncoding(body));
  }
  // As many bytes as characters: all of it is ASCII and all of it is written.
  if (end - payload !== characters) return -1;
  writeHeader(room, at, characters);
  return end;
}

/** The same frame in memory of its own, of any length and with any characters. */
export function encodeTextFrame(line: string, body?: string): Buffer {
  const text = body === undefined ? line : `${line}\n${body}`;
  const bytes = Buffer.byteLength(text);
  const payload = headerLength(bytes);
  const frame = Buffer.allocUnsafe(payload + bytes);
  frame.write(text, payload, 'utf8');
  writeHeader(frame, 0, bytes);
  return frame;
}

function headerLength(bytes: number): number {
  if (bytes <= SHORT) return 2;
  return bytes <= MEDIUM ? 4 : 10;
}

function writeHeader(frame: Buffer, at: number, bytes: number): void {
  frame[at] = FINAL_TEXT;
  if (bytes <= SHORT) frame[at + 1] = bytes;
  else if (bytes <= MEDIUM) {
    frame[at + 1] = 126;
    frame[at + 2] = bytes >>> 8;
    frame[at + 3] = bytes & 0xff;
  } else {
    frame[at + 1] = 127;
    frame.writeUInt32BE(0, at + 2);
    frame.writeUInt32BE(bytes, at + 6);
  }
}
