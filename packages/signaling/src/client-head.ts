import { readCanonicalHead } from './canonical-head.ts';
import { type ClientMessage, clientMessageSchema, type WireCandidate } from './protocol.ts';
import type { HeadSchema } from './wire.ts';

const CALL_ID = /^[A-Za-z0-9_-]{1,64}$/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The schema of what a page says, with a way past it for the messages that come most: what it takes is what
 * `clientMessageSchema` would have taken, and all else is left to that one to take or to refuse.
 */
export const clientHeadSchema: HeadSchema<ClientMessage> = {
  readText: readCanonicalHead,
  safeParse(value) {
    const data = readOften(value);
    return data === undefined ? clientMessageSchema.safeParse(value) : { success: true, data };
  },
};

function readOften(value: unknown): ClientMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Fields;
  const { type, call, seq, ack } = fields;
  // An `ack` that is there and undefined cannot come from JSON.
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  if (typeof ack !== 'number' || !Number.isSafeInteger(ack) || ack < 0) return undefined;
  if (typeof call !== 'string' || !CALL_ID.test(call)) return undefined;
  switch (type) {
    case 'offer':
    case 'answer':
    case 'accept':
    case 'ringing':
      return { type, call, seq, ack };
    case 'candidates': {
      const candidates = readCandidates(fields.candidates);
      return candidates === undefined ? undefined : { type, call, candidates, seq, ack };
    }
    default:
      return undefined;
  }
}

function readCandidates(value: unknown): WireCandidate[] | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > 64) return undefined;
  const candidates: WireCandidate[] = [];
  for (const one of value as unknown[]) {
    if (typeof one !== 'object' || one === null) return undefined;
    const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = one as Fields;
    if (typeof candidate !== 'string' || candidate.length > 1024) return undefined;
    if (typeof sdpMid !== 'string' || sdpMid.length > 64) return undefined;
    if (typeof sdpMLineIndex !== 'number' || !Number.isInteger(sdpMLineIndex)) return undefined;
    if (sdpMLineIndex < 0 || sdpMLineIndex > 1023) return undefined;
    if (typeof usernameFragment !== 'string' || usernameFragment.length > 256) return undefined;
    candidates.push({ candidate, sdpMid, sdpMLineIndex, usernameFragment });
  }
  return candidates;
}
