import { writeCanonicalHead } from './canonical-head.ts';
import { MAX_MESSAGE_LENGTH, PERHAPS_DESCRIPTION, type WebErrorCode, WITH_DESCRIPTION } from './protocol.ts';

/** A message as it travels: a head, and the description's text where it carries one. */
export interface WireMessage<Head> {
  readonly head: Head;
  readonly sdp: string | undefined;
}

/** The head of a message to be written. */
export type MessageHead = Readonly<Record<string, unknown>> & { readonly type: string };

/** A message that the web protocol does not allow. `clause` names the schema path or the rule. */
export class WebProtocolError extends Error {
  readonly code: WebErrorCode;
  readonly clause: string;
  constructor(code: WebErrorCode, clause: string, message: string) {
    super(message);
    this.name = 'WebProtocolError';
    this.code = code;
    this.clause = clause;
  }
}

/** What validates a head: both schemas of the protocol do. */
export interface HeadSchema<Head> {
  /** A short cut: what JSON and `safeParse` would make of text[0, end), or `undefined` where it cannot say. */
  readText?(text: string, end: number): Head | undefined;
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Head }
    | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } };
}

/**
 * Reads one message.
 * @throws WebProtocolError `too-large` or `bad-message`, with the schema's path as clause
 */
export function parseMessage<Head extends { readonly type: string }>(
  schema: HeadSchema<Head>,
  text: string,
): WireMessage<Head> {
  if (text.length > MAX_MESSAGE_LENGTH) {
    throw new WebProtocolError('too-large', 'message length', `more than ${MAX_MESSAGE_LENGTH} characters`);
  }
  const lineFeed = text.indexOf('\n');
  const head =
    schema.readText?.(text, lineFeed < 0 ? text.length : lineFeed) ?? readHead(schema, text, lineFeed);
  const sdp = lineFeed < 0 ? undefined : text.slice(lineFeed + 1);
  if (sdp !== undefined && !WITH_DESCRIPTION.has(head.type)) {
    throw new WebProtocolError('bad-message', 'body', `${head.type} carries no description`);
  }
  if (sdp === undefined && WITH_DESCRIPTION.has(head.type) && !PERHAPS_DESCRIPTION.has(head.type)) {
    throw new WebProtocolError('bad-message', 'body', `${head.type} needs a description`);
  }
  return { head, sdp };
}

function readHead<Head>(schema: HeadSchema<Head>, text: string, lineFeed: number): Head {
  let value: unknown;
  try {
    value = JSON.parse(lineFeed < 0 ? text : text.slice(0, lineFeed));
  } catch {
    throw new WebProtocolError('bad-message', 'head', 'the first line is not JSON');
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const path = issue?.path.map(String).join('.') ?? '';
    throw new WebProtocolError(
      'bad-message',
      path === '' ? 'type' : path,
      issue?.message ?? 'refused by the schema',
    );
  }
  return result.data;
}

/** A numbered message, written: its first line and what stands behind the line feed. */
export interface WrittenMessage {
  readonly line: string;
  readonly sdp: string | undefined;
}

/** The whole text of a written message. */
export function wholeText(message: WrittenMessage): string {
  return message.sdp === undefined ? message.line : `${message.line}\n${message.sdp}`;
}

/** The first line of a numbered message. */
export function writeNumbered(head: MessageHead, seq: number, ack: number): string {
  // A head has a type and so is never empty: the numbers go behind its last field.
  return (
    writeCanonicalHead(head, seq, ack) ?? `${JSON.stringify(head).slice(0, -1)},"seq":${seq},"ack":${ack}}`
  );
}

/** Writes one message. */
export function writeMessage(head: MessageHead, sdp?: string): string {
  const line = JSON.stringify(head);
  return sdp === undefined ? line : `${line}\n${sdp}`;
}
