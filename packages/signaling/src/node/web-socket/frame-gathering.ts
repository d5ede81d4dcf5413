import { encodeTextFrame, putTextFrame } from './text-frame.ts';

/** What frames are gathered for. */
export interface FrameTaker {
  /**
   * Whole frames to be sent. They are lent for the time of this call.
   * @returns whether all of them are with the system already; else they stay with the taker
   */
  takeFrames(frames: Buffer): boolean;
}

const ROOM = 64 * 1024;

/** Where frames are written, again and again: its first bytes are in the processor's cache, which new ones would not be. */
let room = Buffer.allocUnsafeSlow(ROOM);
/** Whose frames stand in the room, in [0, end). */
let taker: FrameTaker | undefined;
let end = 0;
let gathering = false;

/**
 * While `work` runs, messages that follow each other to one and the same taker are gathered, and then sent in one
 * piece: what one read brought costs one write, and not one for each message in it.
 */
export function gatherFrames(work: () => void): void {
  gathering = true;
  try {
    work();
  } finally {
    gathering = false;
    handOverFrames();
  }
}

/** Sends a message as a text frame: at once, or with those behind it where frames are gathered. */
export function sendTextFrame(to: FrameTaker, line: string, body?: string): void {
  if (taker !== to) handOverFrames();
  let next = putTextFrame(room, end, line, body);
  if (next < 0 && end > 0) {
    handOverFrames();
    next = putTextFrame(room, 0, line, body);
  }
  if (next < 0) {
    to.takeFrames(encodeTextFrame(line, body));
    return;
  }
  taker = to;
  end = next;
  if (!gathering) handOverFrames();
}

/** Hands over what was gathered: before anything else is written to a socket. */
export function handOverFrames(): void {
  if (taker === undefined) return;
  const to = taker;
  const frames = room.subarray(0, end);
  taker = undefined;
  end = 0;
  if (!to.takeFrames(frames)) room = Buffer.allocUnsafeSlow(ROOM);
}
