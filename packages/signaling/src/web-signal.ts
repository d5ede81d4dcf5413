import { parseCandidate, writeCandidate } from '@crosspoint/ice';
import { open } from '@crosspoint/sdp';
import type { EndReason } from './end-reason.ts';
import type { ClientMessage, WireCandidate } from './protocol.ts';
import type { Signal, TrickledCandidate } from './signal.ts';
import type { MessageHead } from './wire.ts';

/** The messages of a call, as far as they stand for one Signal each. */
type CallMessage = Exclude<Extract<ClientMessage, { call: string }>, { type: 'call' } | { type: 'accept' }>;

/** One candidate from the wire. @throws IceError where the candidate cannot be read */
export function fromWireCandidate(wire: WireCandidate): TrickledCandidate {
  return {
    candidate: wire.candidate === '' ? undefined : parseCandidate(wire.candidate),
    ...(wire.sdpMid != null ? { mid: wire.sdpMid } : {}),
    ...(wire.sdpMLineIndex != null ? { mLineIndex: wire.sdpMLineIndex } : {}),
    ...(wire.usernameFragment != null ? { ufrag: wire.usernameFragment } : {}),
  };
}

/** With exactly the prefix that browsers give a candidate, whichever it was written with. */
function candidateText(written: string): string {
  if (written.startsWith('candidate:')) return written;
  return written.startsWith('a=candidate:') ? written.slice(2) : `candidate:${written}`;
}

/** One candidate for the wire, as `RTCPeerConnection.addIceCandidate()` takes it. */
export function toWireCandidate(trickled: TrickledCandidate): WireCandidate {
  return {
    candidate: trickled.candidate === undefined ? '' : candidateText(writeCandidate(trickled.candidate)),
    sdpMid: trickled.mid ?? null,
    sdpMLineIndex: trickled.mLineIndex ?? null,
    usernameFragment: trickled.ufrag ?? null,
  };
}

/**
 * What a page says, as a Signal.
 * @throws SdpError, IceError where a description or candidate cannot be read
 */
export function toSignal(head: CallMessage, sdp: string | undefined): Signal {
  switch (head.type) {
    case 'offer':
    case 'answer':
      return { type: head.type, description: open(sdp ?? '') };
    case 'ringing':
    case 'ask-offer':
      return { type: head.type };
    case 'refuse':
      return { type: 'refuse', why: head.why, ...(head.text !== undefined ? { text: head.text } : {}) };
    case 'candidates':
      return { type: 'candidates', candidates: head.candidates.map(fromWireCandidate) };
    case 'dtmf':
      return { type: 'dtmf', digits: head.digits, durationMs: head.durationMs };
    case 'transfer':
      return {
        type: 'transfer',
        target: head.target,
        ...(head.replaces !== undefined ? { replaces: head.replaces } : {}),
      };
    case 'transferred':
      return { type: 'transferred', ...(head.reason !== undefined ? { reason: toReason(head.reason) } : {}) };
    case 'end':
      return { type: 'end', reason: toReason(head.reason) };
  }
}

/** A reason from the wire: what the page says where nobody spoke before it. */
function toReason(wire: Extract<CallMessage, { type: 'end' }>['reason']): EndReason {
  return { ...wire, origin: wire.origin ?? { protocol: 'web', code: wire.code } } as EndReason;
}

/** A Signal as the head of a message; the description, where there is one, travels as its body. */
export function fromSignal(signal: Signal, call: string): MessageHead {
  switch (signal.type) {
    case 'offer':
    case 'answer':
    case 'ask-offer':
    case 'ringing':
      return { type: signal.type, call };
    case 'accepted':
      return { type: 'accept', call };
    case 'refuse':
      return {
        type: 'refuse',
        call,
        why: signal.why,
        ...(signal.text !== undefined ? { text: signal.text } : {}),
      };
    case 'candidates':
      return { type: 'candidates', call, candidates: signal.candidates.map(toWireCandidate) };
    case 'dtmf':
      return { type: 'dtmf', call, digits: signal.digits, durationMs: signal.durationMs };
    case 'transfer':
      return {
        type: 'transfer',
        call,
        target: signal.target,
        ...(signal.replaces !== undefined ? { replaces: signal.replaces } : {}),
      };
    case 'transferred':
      return { type: 'transferred', call, ...(signal.reason !== undefined ? { reason: signal.reason } : {}) };
    case 'end':
      return { type: 'end', call, reason: signal.reason };
  }
}
