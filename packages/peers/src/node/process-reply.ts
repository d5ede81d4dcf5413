import { z } from 'zod';
import {
  echoedSchema,
  heardSchema,
  type PeerCommand,
  type PeerEvent,
  peerEventSchema,
  statsSchema,
  watchedSchema,
} from '../contract.ts';

const id = z.number().int();
const replySchema = z.union([
  z.object({ id, ok: z.literal(true), result: z.record(z.string(), z.unknown()).optional() }),
  z.object({ id, ok: z.literal(false), unsupported: z.literal(true), why: z.string() }),
  z.object({ id, ok: z.literal(false), error: z.string() }),
]);
export type PeerReply = z.infer<typeof replySchema>;

export type PeerLine =
  | { readonly kind: 'reply'; readonly reply: PeerReply }
  | { readonly kind: 'event'; readonly event: PeerEvent }
  /** What the contract does not allow, in words. */
  | { readonly kind: 'wrong'; readonly why: string };

/** Reads one line of a peer: a reply, an event, or neither. Never throws. */
export function parsePeerLine(line: string): PeerLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'wrong', why: `a line that is not JSON: ${excerpt(line)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'wrong', why: `a line that is no JSON object: ${excerpt(line)}` };
  }
  if ('event' in value) {
    const event = peerEventSchema.safeParse(value);
    return event.success
      ? { kind: 'event', event: event.data }
      : { kind: 'wrong', why: `an event out of shape (${issue(event.error)}): ${excerpt(line)}` };
  }
  const reply = replySchema.safeParse(value);
  return reply.success
    ? { kind: 'reply', reply: reply.data }
    : { kind: 'wrong', why: `neither an event nor a reply: ${excerpt(line)}` };
}

const RESULTS: Partial<Record<PeerCommand, z.ZodType>> = {
  hear: heardSchema,
  watch: watchedSchema,
  echo: echoedSchema,
  stats: statsSchema,
};

/** What is wrong with the result of a command, or nothing. */
export function resultProblem(command: PeerCommand, result: unknown): string | undefined {
  const checked = RESULTS[command]?.safeParse(result);
  return checked === undefined || checked.success ? undefined : issue(checked.error);
}

function issue(error: z.ZodError): string {
  const first = error.issues[0];
  return first === undefined
    ? 'refused by the schema'
    : `${first.path.map(String).join('.')}: ${first.message}`;
}

function excerpt(line: string): string {
  return line.length > 120 ? `${line.slice(0, 120)}...` : line;
}
