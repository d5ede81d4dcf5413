import { parseChallenge } from './challenge.ts';
import { encodeHead } from './head-text.ts';
import { judgeRequest, judgeResponse } from './judge-request.ts';
import { lint } from './lint.ts';
import { makeResponse } from './make-message.ts';
import type { SipMessage } from './message.ts';
import { bodyOfType } from './multipart.ts';
import { below, type Random } from './mutate-message.ts';
import { parseMessage } from './parse-message.ts';
import { sameUri } from './same-uri.ts';
import { SipSyntaxError } from './sip-error.ts';
import { SipStream } from './sip-stream.ts';
import { parseSipfrag } from './sipfrag.ts';
import { parseUri } from './uri.ts';
import { verifyMessage } from './verify-message.ts';
import { writeMessage } from './write-message.ts';
import { writeUri } from './write-uri.ts';

/** `parsed`, `malformed` when a header of it is, or why the bytes were refused. */
export type LawOutcome = string;

/** Checks on any bytes what must hold for all; throws Error when a law is broken. */
export function checkMessageLaws(bytes: Uint8Array, random: Random): LawOutcome {
  quietly(() => parseSipfrag(bytes));
  let message: SipMessage;
  try {
    message = parseMessage(bytes);
  } catch (error) {
    const refusal = typed(error);
    if (refusal.request !== undefined) checkAnswer(refusal.request);
    return refusal.code;
  }
  const written = writeMessage(message);
  demand(isSame(written, bytes.subarray(0, written.length)), 'the message did not come back');
  if (message.contentLength === undefined) demand(written.length === bytes.length, 'bytes were lost');
  else checkStream(bytes.subarray(0, written.length), random);
  checkEdits(message);
  for (const { clause, line, column } of lint(message)) {
    demand(clause !== '' && line >= 1 && column >= 1, 'a finding without a place');
  }
  if (message.kind === 'request') {
    judgeRequest(message);
    judgeRequest(message, { role: 'registrar' });
    checkAnswer(message);
  } else judgeResponse(message);
  for (const value of [...message.getAll('Authorization'), ...message.getAll('WWW-Authenticate')]) {
    quietly(() => parseChallenge(value));
  }
  quietly(() => bodyOfType(message, 'application/sdp'));
  try {
    verifyMessage(message);
  } catch (error) {
    typed(error);
    return 'malformed';
  }
  checkAddresses(message);
  return 'parsed';
}

function checkAnswer(request: Parameters<typeof makeResponse>[0]): void {
  const bytes = writeMessage(makeResponse(request, 400, undefined, { toTag: 'x' }));
  const back = parseMessage(bytes);
  demand(back.kind === 'response' && back.status === 400, 'the refusal cannot be read');
  demand(
    isSameText(back, back.getAll('Via'), request, request.getAll('Via')),
    'the refusal has other Vias than the request',
  );
}

// The stream needs room for a head that the datagram had too; a leading CRLF is no part of a stream's message.
function checkStream(bytes: Uint8Array, random: Random): void {
  const stream = new SipStream();
  const cut = below(random, bytes.length);
  const events = [...stream.push(bytes.subarray(0, cut)), ...stream.push(bytes.subarray(cut))];
  const messages = events.flatMap((event) => (event.kind === 'message' ? [event.message] : []));
  let start = 0;
  while (bytes[start] === 13 || bytes[start] === 10) start++;
  if (start > 0) return;
  demand(
    messages.length === 1 && isSame(writeMessage(messages[0]!), bytes),
    'the stream reads something else',
  );
}

function checkEdits(message: SipMessage): void {
  const edited = message.prepend('Via', 'SIP/2.0/UDP edited;branch=z9hG4bKedited').removeFirst('Route');
  const bytes = writeMessage(edited.set('Max-Forwards', '7'));
  // One header may have come too many.
  const limits = { head: 262_144, body: 1_048_576, headers: 512, lineLength: 65_536 };
  const back = parseMessage(bytes, limits);
  demand(back.get('via')!.includes('edited') && back.maxForwards === 7, 'an edit was lost');
  demand(isSame(back.body, message.body), 'an edit changed the body');
  const untouched = (each: SipMessage) =>
    each.fields.filter(({ key }) => !EDITED.test(key)).map(({ raw }) => raw);
  demand(isSameText(back, untouched(back), message, untouched(message)), 'an edit touched another header');
  const [left, routes] = [back.getAll('Route'), message.getAll('Route').slice(1)];
  demand(isSameText(back, left, message, routes), 'another Route was removed');
}

function checkAddresses(message: SipMessage): void {
  const addresses = [message.from, message.to, ...message.contacts, ...message.routes].map(({ uri }) => uri);
  if (message.kind === 'request') addresses.push(message.uri);
  for (const text of addresses) {
    const uri = parseUri(text);
    demand(sameUri(writeUri(uri), uri), `${text} was written as another address`);
  }
}

const EDITED = /^(via|route|max-forwards|content-length)$/;
const NOTHING = new Uint8Array(0);

// As bytes: what is not UTF-8 may stand in one message's head and not in the other's.
function isSameText(a: SipMessage, inA: readonly string[], b: SipMessage, inB: readonly string[]): boolean {
  const [left, right] = [inA.join('\n'), inB.join('\n')];
  return (
    left === right || isSame(encodeHead(left, a.encoding, NOTHING), encodeHead(right, b.encoding, NOTHING))
  );
}

function typed(error: unknown): SipSyntaxError {
  if (!(error instanceof SipSyntaxError)) throw error;
  demand(
    error.line >= 1 && error.column >= 1 && error.offset >= 0 && error.clause !== '',
    'an error without a place',
  );
  return error;
}

function quietly(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    typed(error);
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
