import type { InitiationMessage } from '../stanza/initiation.ts';
import type { JingleReason } from '../stanza/reason.ts';
import { compareOctets } from './session.ts';

/**
 * How far a session that is only talked about has come (XEP-0353): proposed, chosen to be taken by one device, or over.
 * After `proceeding` the session-initiate comes.
 */
export type InitiationPhase = 'proposed' | 'ringing' | 'proceeding' | 'ended';

/** One side of a message initiation: a value. */
export interface Initiation {
  readonly id: string;
  readonly side: 'caller' | 'callee';
  readonly phase: InitiationPhase;
  /** Our full JID. */
  readonly self: string;
  /** The far side: its bare JID, and once a device takes the call that device's full JID. */
  readonly peer: string;
}

export type InitiationInput =
  /** A message of the far side, or (`from` our own account) of another device of ours. */
  | { readonly type: 'message'; readonly from: string; readonly message: InitiationMessage }
  /** We ring, as callee. */
  | { readonly type: 'ring' }
  /** We take the call, as callee. */
  | { readonly type: 'take' }
  /** We will not: a retract of the caller's, a reject of the callee's; after `proceeding` a finish. */
  | { readonly type: 'end'; readonly reason: JingleReason }
  /** The far side proposed a session of its own while ours is proposed. */
  | { readonly type: 'other-proposal'; readonly id: string; readonly from: string };

/** A message to send, in the words of `writeInitiation`. */
export type InitiationReply = Pick<InitiationMessage, 'name' | 'id'> & Partial<InitiationMessage>;

export type InitiationEffect =
  | { readonly type: 'send'; readonly to: string; readonly message: InitiationReply }
  | { readonly type: 'ringing' }
  /** Caller: this device takes the call, initiate to it. */
  | { readonly type: 'initiate'; readonly to: string }
  /** Callee: another device of ours took the call or refused it. */
  | {
      readonly type: 'elsewhere';
      readonly how: 'proceed' | 'reject';
      readonly reason: JingleReason | undefined;
    }
  | { readonly type: 'over'; readonly by: 'here' | 'there'; readonly reason: JingleReason | undefined };

export interface InitiationStep {
  readonly initiation: Initiation;
  readonly effects: readonly InitiationEffect[];
}

const TIE_BREAK_REASON: JingleReason = { condition: 'expired', text: 'Tie-Break', details: [] };

export function bareJid(jid: string): string {
  const slash = jid.indexOf('/');
  return slash < 0 ? jid : jid.slice(0, slash);
}

/** A call that we propose to all devices of an account. */
export function propose(id: string, self: string, peer: string, media: readonly string[]): InitiationStep {
  const initiation: Initiation = { id, side: 'caller', phase: 'proposed', self, peer };
  return { initiation, effects: [{ type: 'send', to: peer, message: { name: 'propose', id, media } }] };
}

/** A call that was proposed to us. */
export function proposed(id: string, self: string, peer: string): Initiation {
  return { id, side: 'callee', phase: 'proposed', self, peer };
}

/** One step of a message initiation, pure. A message that is late, repeated or somebody else's changes nothing. */
export function stepInitiation(initiation: Initiation, input: InitiationInput): InitiationStep {
  if (initiation.phase === 'ended') return { initiation, effects: [] };
  switch (input.type) {
    case 'message':
      return initiation.side === 'caller'
        ? heardByCaller(initiation, input.from, input.message)
        : heardByCallee(initiation, input.from, input.message);
    case 'ring':
      return initiation.side === 'callee' && initiation.phase === 'proposed'
        ? reply(initiation, 'ringing', { name: 'ringing', id: initiation.id })
        : { initiation, effects: [] };
    case 'take':
      return initiation.side === 'callee' && initiation.phase !== 'proceeding'
        ? reply(initiation, 'proceeding', { name: 'proceed', id: initiation.id })
        : { initiation, effects: [] };
    case 'end':
      return end(initiation, input.reason);
    case 'other-proposal':
      return tieBreak(initiation, input.id, input.from);
  }
}

function reply(initiation: Initiation, phase: InitiationPhase, message: InitiationReply): InitiationStep {
  return { initiation: { ...initiation, phase }, effects: [{ type: 'send', to: initiation.peer, message }] };
}

function over(
  initiation: Initiation,
  by: 'here' | 'there',
  reason: JingleReason | undefined,
): InitiationStep {
  return { initiation: { ...initiation, phase: 'ended' }, effects: [{ type: 'over', by, reason }] };
}

function heardByCaller(initiation: Initiation, from: string, message: InitiationMessage): InitiationStep {
  const nothing = { initiation, effects: [] };
  if (message.id !== initiation.id || bareJid(from) !== bareJid(initiation.peer)) return nothing;
  const isTaken = initiation.phase === 'proceeding';
  switch (message.name) {
    case 'ringing':
      return initiation.phase === 'proposed'
        ? { initiation: { ...initiation, phase: 'ringing' }, effects: [{ type: 'ringing' }] }
        : nothing;
    case 'proceed':
      // The first device that takes the call has it.
      if (isTaken) return nothing;
      return {
        initiation: { ...initiation, phase: 'proceeding', peer: from },
        effects: [{ type: 'initiate', to: from }],
      };
    case 'reject':
      return isTaken && from !== initiation.peer ? nothing : over(initiation, 'there', message.reason);
    case 'finish':
      return isTaken && from !== initiation.peer ? nothing : over(initiation, 'there', message.reason);
    default:
      return nothing;
  }
}

function heardByCallee(initiation: Initiation, from: string, message: InitiationMessage): InitiationStep {
  const nothing = { initiation, effects: [] };
  if (message.id !== initiation.id) return nothing;
  const isCaller = bareJid(from) === bareJid(initiation.peer);
  // Another device of ours: its messages to the caller come to us as copies (XEP-0280).
  const isOurs = bareJid(from) === bareJid(initiation.self) && from !== initiation.self;
  if (
    isOurs &&
    initiation.phase !== 'proceeding' &&
    (message.name === 'proceed' || message.name === 'reject')
  ) {
    const effect = { type: 'elsewhere', how: message.name, reason: message.reason } as const;
    return { initiation: { ...initiation, phase: 'ended' }, effects: [effect] };
  }
  if (isCaller && (message.name === 'retract' || message.name === 'finish'))
    return over(initiation, 'there', message.reason);
  return nothing;
}

function end(initiation: Initiation, reason: JingleReason): InitiationStep {
  const before = initiation.side === 'caller' ? 'retract' : 'reject';
  const name = initiation.phase === 'proceeding' ? 'finish' : before;
  const message = { name, id: initiation.id, reason } as const;
  return {
    initiation: { ...initiation, phase: 'ended' },
    effects: [
      { type: 'send', to: initiation.peer, message },
      { type: 'over', by: 'here', reason },
    ],
  };
}

/** Both proposed at once: the lower identifier counts (XEP-0353 section 4.1). */
function tieBreak(initiation: Initiation, id: string, from: string): InitiationStep {
  const isOpen = initiation.side === 'caller' && initiation.phase !== 'proceeding';
  if (!isOpen || bareJid(from) !== bareJid(initiation.peer)) return { initiation, effects: [] };
  const order = compareOctets(initiation.id, id) || compareOctets(initiation.self, from);
  const message = (name: 'reject' | 'retract', of: string) =>
    ({ name, id: of, reason: TIE_BREAK_REASON, isTieBreak: true }) as const;
  if (order < 0) {
    return { initiation, effects: [{ type: 'send', to: from, message: message('reject', id) }] };
  }
  return {
    initiation: { ...initiation, phase: 'ended' },
    effects: [
      { type: 'send', to: initiation.peer, message: message('retract', initiation.id) },
      { type: 'over', by: 'there', reason: TIE_BREAK_REASON },
    ],
  };
}
