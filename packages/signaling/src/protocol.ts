import { z } from 'zod';
import { END_REASON_CODES } from './end-reason.ts';

// A page's content security policy forbids compiling code, and the validator would try to.
if (typeof window !== 'undefined') z.config({ jitless: true });

/**
 * The web protocol between a page and its web server, version 1. The same messages travel over WebSocket and over
 * plain HTTP. `docs/web-protocol.md` tells it to who writes a client from it; this schema decides.
 *
 * A message on the wire is one line of JSON (the head) and, where it carries a description, a line feed and the SDP
 * as it is: SDP inside JSON would be escaped and unescaped at every hop, for nothing.
 */
export const WEB_PROTOCOL_VERSION = 1;

/** What one message may be at most, in characters; a server closes the connection that sends more. */
export const MAX_MESSAGE_LENGTH = 256 * 1024;

export const nameSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/);
const callId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const secret = z.string().min(16).max(128);
const text = z.string().max(512);
const count = z.number().int().nonnegative();

export const reasonSchema = z.object({
  code: z.enum(END_REASON_CODES),
  text: text.optional(),
  origin: z
    .object({
      protocol: z.enum(['web', 'sip', 'jingle', 'q850']),
      code: z.string().max(64),
      text: text.optional(),
    })
    .optional(),
});

/** One candidate as `RTCIceCandidate.toJSON()` gives it; an empty `candidate` is the end of its generation. */
export const wireCandidateSchema = z.object({
  candidate: z.string().max(1024),
  sdpMid: z.string().max(64).nullish(),
  sdpMLineIndex: z.number().int().min(0).max(1023).nullish(),
  usernameFragment: z.string().max(256).nullish(),
});
export type WireCandidate = z.infer<typeof wireCandidateSchema>;

/** Every numbered message carries its `seq` and, at will, the highest `seq` got from the other side. */
const numbered = { seq: count.min(1), ack: count.optional() };

const callMessages = {
  ringing: z.object({ type: z.literal('ringing'), call: callId, ...numbered }),
  /** With a body: the answer. Without: that, or the offer that was asked for, came before (`answer`, `offer`). */
  accept: z.object({ type: z.literal('accept'), call: callId, ...numbered }),
  offer: z.object({ type: z.literal('offer'), call: callId, ...numbered }),
  answer: z.object({ type: z.literal('answer'), call: callId, ...numbered }),
  /** The other side is to offer. */
  'ask-offer': z.object({ type: z.literal('ask-offer'), call: callId, ...numbered }),
  refuse: z.object({
    type: z.literal('refuse'),
    call: callId,
    why: z.enum(['glare', 'not-acceptable']),
    text: text.optional(),
    ...numbered,
  }),
  candidates: z.object({
    type: z.literal('candidates'),
    call: callId,
    candidates: z.array(wireCandidateSchema).min(1).max(64),
    ...numbered,
  }),
  dtmf: z.object({
    type: z.literal('dtmf'),
    call: callId,
    digits: z.string().regex(/^[0-9A-D#*,]{1,32}$/),
    durationMs: z.number().min(40).max(6000),
    ...numbered,
  }),
  /** `replaces`: what the new call's `call` is to bring along. `with`: another call of the page's, that the target is in. */
  transfer: z.object({
    type: z.literal('transfer'),
    call: callId,
    target: z.string().max(256),
    replaces: text.optional(),
    with: callId.optional(),
    ...numbered,
  }),
  transferred: z.object({
    type: z.literal('transferred'),
    call: callId,
    reason: reasonSchema.optional(),
    ...numbered,
  }),
  end: z.object({ type: z.literal('end'), call: callId, reason: reasonSchema, ...numbered }),
};

/** What a page says to its server. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    version: z.literal(WEB_PROTOCOL_VERSION),
    client: z.string().max(128),
  }),
  z.object({ type: z.literal('resume'), session: z.string().max(64), secret, received: count }),
  z.object({ type: z.literal('ack'), received: count }),
  z.object({ type: z.literal('ping') }),
  z.object({ type: z.literal('register'), name: nameSchema, token: secret.optional(), ...numbered }),
  z.object({ type: z.literal('leave'), ...numbered }),
  z.object({
    type: z.literal('call'),
    call: callId,
    to: z.string().min(1).max(256),
    replaces: text.optional(),
    ...numbered,
  }),
  callMessages.ringing,
  callMessages.accept,
  callMessages.offer,
  callMessages.answer,
  callMessages['ask-offer'],
  callMessages.refuse,
  callMessages.candidates,
  callMessages.dtmf,
  callMessages.transfer,
  callMessages.transferred,
  callMessages.end,
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** An entry of RTCConfiguration.iceServers. */
export const iceServerSchema = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.infer<typeof iceServerSchema>;

export const ERROR_CODES = [
  'bad-message',
  'bad-description',
  'bad-candidate',
  'too-large',
  'too-many',
  'too-fast',
  'wrong-version',
  'not-registered',
  'name-taken',
  'unknown-session',
  'unknown-call',
  'out-of-order',
  'idle',
  'replaced',
] as const;
export type WebErrorCode = (typeof ERROR_CODES)[number];

/** What a server says to a page. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    version: z.literal(WEB_PROTOCOL_VERSION),
    session: z.string(),
    secret,
    resumed: z.boolean(),
    /** The highest `seq` the server has of this client: what is above it must be sent again. */
    received: count,
    /** How long a session lives without a connection, in seconds. */
    resumeSeconds: z.number(),
  }),
  z.object({ type: z.literal('ack'), received: count }),
  z.object({ type: z.literal('pong') }),
  /** The connection is closed behind it, unless `seq` of a refused message is named. */
  z.object({
    type: z.literal('error'),
    code: z.enum(ERROR_CODES),
    text,
    /** The refused message's `seq`. */
    refused: count.optional(),
    call: z.string().optional(),
    clause: z.string().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
    seq: count.optional(),
    ack: count.optional(),
  }),
  z.object({
    type: z.literal('registered'),
    name: nameSchema,
    token: secret,
    iceServers: z.array(iceServerSchema),
    ...numbered,
  }),
  z.object({
    type: z.literal('presence'),
    users: z.array(z.object({ name: z.string(), busy: z.boolean() })),
    ...numbered,
  }),
  /** Without a body: the callee is to make the offer once it accepts. */
  z.object({
    type: z.literal('incoming'),
    call: callId,
    from: z.string(),
    /** The page's own call that this one takes the place of: it is taken at once. */
    replaces: callId.optional(),
    ...numbered,
  }),
  callMessages.ringing,
  callMessages.accept,
  callMessages.offer,
  callMessages.answer,
  callMessages['ask-offer'],
  callMessages.refuse,
  callMessages.candidates,
  callMessages.dtmf,
  callMessages.transfer,
  callMessages.transferred,
  callMessages.end,
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;

/** The messages that carry a description behind their head: always, or at will. */
export const WITH_DESCRIPTION: ReadonlySet<string> = new Set([
  'call',
  'incoming',
  'offer',
  'answer',
  'accept',
]);

/** The messages that carry a description at will. */
export const PERHAPS_DESCRIPTION: ReadonlySet<string> = new Set(['incoming', 'accept']);
