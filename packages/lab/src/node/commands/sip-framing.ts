import { parseMessage, SipSyntaxError, writeMessage } from '@crosspoint/sip';

/** The bytes of one message in a file. */
export interface SipFrame {
  readonly bytes: Uint8Array;
  /** Lines of the file above it. */
  readonly linesBefore: number;
}

const CR = 13;
const LF = 10;

/**
 * Cuts a file into messages by their Content-Length (RFC 3261 section 18.3); one without it goes to the end of the file.
 * CRLFs between messages are keep-alives (RFC 5626 section 3.5.1) and belong to none. What follows a message and does not
 * begin like one stays with it, for the judge to find. At least one frame, which is empty for an empty file.
 */
export function frameMessages(bytes: Uint8Array): SipFrame[] {
  const frames: SipFrame[] = [];
  let linesBefore = 0;
  let counted = 0;
  let start = behindLineEndings(bytes, 0);
  do {
    for (; counted < start; counted++) if (bytes[counted] === LF) linesBefore++;
    const end = start + sizeOf(bytes.subarray(start));
    const next = behindLineEndings(bytes, end);
    const isFramed = next === bytes.length || beginsMessage(bytes, next);
    frames.push({ bytes: bytes.subarray(start, isFramed ? end : bytes.length), linesBefore });
    start = isFramed ? next : bytes.length;
  } while (start < bytes.length);
  return frames;
}

function sizeOf(bytes: Uint8Array): number {
  try {
    return writeMessage(parseMessage(bytes)).length;
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    // A request that is to be refused may still say how long it is.
    return error.request === undefined ? bytes.length : writeMessage(error.request).length;
  }
}

function behindLineEndings(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  return at;
}

/** Longer start lines are none that a message is recognised by. */
const START_LINE = 16_384;

function beginsMessage(bytes: Uint8Array, at: number): boolean {
  const window = bytes.subarray(at, at + START_LINE);
  const end = window.indexOf(LF);
  const line = Buffer.from(end < 0 ? window : window.subarray(0, end))
    .toString('latin1')
    .trimEnd();
  return /^SIP\/\d+\.\d+ /i.test(line) || / SIP\/\d+\.\d+$/i.test(line);
}
