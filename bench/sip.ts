import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parseMessage, parseUri, type SipMessage, writeMessage } from '@crosspoint/sip';
import type { BenchRow } from './bench-row.ts';
import { type Contest, contest, printContests, VARIANTS } from './contest.ts';

const MESSAGES = new URL('../packages/sip/src/fixtures/messages/', import.meta.url);

/** What the npm package sip makes of a message. */
interface TheirAddress {
  readonly name?: string;
  readonly uri: string | object;
  readonly params: Readonly<Record<string, string | null>>;
}
interface TheirMessage {
  readonly method?: string;
  readonly uri?: string;
  readonly status?: number;
  readonly headers: {
    readonly via: { readonly host: string; params: Record<string, string | null> }[];
    readonly from: TheirAddress;
    readonly to: TheirAddress;
    readonly 'call-id': string;
    readonly cseq: { readonly seq: number; readonly method: string };
    readonly contact?: readonly TheirAddress[] | '*';
    readonly route?: readonly { readonly uri: object }[];
    readonly 'record-route'?: readonly unknown[];
    'max-forwards'?: string | number;
  };
}
interface TheirLibrary {
  readonly parse: (data: Buffer) => TheirMessage;
  readonly stringify: (message: TheirMessage) => string;
  readonly parseUri: (text: string | object) => { readonly host: string } | undefined;
}
const theirs = createRequire(import.meta.url)('sip') as TheirLibrary;

/**
 * SIP messages against the npm package sip, over recorded messages. Each variant has branches, tags and Call-IDs of its
 * own in freshly made bytes, so that no cache over strings can help. Both sides begin with the bytes of a datagram.
 */
export async function benchSip(): Promise<BenchRow[]> {
  const corpus = readdirSync(MESSAGES)
    .filter((name) => name.endsWith('.sip'))
    .map((name) => readFileSync(new URL(name, MESSAGES), 'latin1'));
  const variants = Array.from({ length: VARIANTS }, (_, variant) =>
    corpus.map((text) => vary(text, variant)),
  );
  proveSameReads(variants[0]!);
  const readers: Contest[] = [
    {
      name: 'SIP: full typed parse',
      goal: 2,
      ours: (v) => sum(variants[v]!, (bytes) => readTyped(parseMessage(bytes))),
      theirs: (v) => sum(variants[v]!, (bytes) => readTheirs(theirs.parse(bytes))),
    },
    {
      name: "SIP: parse and a proxy's fields, lazily",
      goal: 4,
      ours: (v) => sum(variants[v]!, (bytes) => readProxy(parseMessage(bytes))),
      theirs: (v) => sum(variants[v]!, (bytes) => readProxyTheirs(theirs.parse(bytes))),
    },
    {
      name: 'SIP: parse, what a proxy changes, write',
      ours: (v) => sum(variants[v]!, (bytes) => writeMessage(forward(parseMessage(bytes))).length),
      theirs: (v) =>
        sum(
          variants[v]!,
          (bytes) => Buffer.from(theirs.stringify(forwardTheirs(theirs.parse(bytes))), 'latin1').length,
        ),
    },
  ];
  // Before any model is kept: keeping thousands teaches the engine that parsing makes long-lived objects.
  const read = readers.map(contest);
  const ourModels = variants.map((texts) => texts.map((bytes) => parseMessage(bytes)));
  const theirModels = variants.map((texts) => texts.map((bytes) => theirs.parse(bytes)));
  const writer: Contest = {
    name: 'SIP: write after one header was changed',
    goal: 1,
    ours: (v) => sum(ourModels[v]!, (model) => writeMessage(model.set('Max-Forwards', '69')).length),
    theirs: (v) =>
      sum(theirModels[v]!, (model) => {
        model.headers['max-forwards'] = 69;
        return Buffer.from(theirs.stringify(model), 'latin1').length;
      }),
  };
  return [...read, contest(writer)];
}

/** The message with identifiers of its own, in bytes nobody has seen. */
function vary(text: string, variant: number): Buffer {
  const changed = text
    .replace(/z9hG4bK(.)/g, (_, next: string) => `z9hG4bK${variant}${next}`)
    .replace(/^(Call-ID|i): ?/gim, (all) => `${all}v${variant}`)
    .replace(/;tag=/g, (all) => `${all}v${variant}`);
  return Buffer.from(changed, 'latin1');
}

function sum<T>(items: readonly T[], work: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += work(item);
  return total;
}

// The same typed values on both sides: theirs makes them all while it reads.
function readTyped(message: SipMessage): number {
  let seen = message.kind === 'request' ? message.uri.length : message.status;
  for (const via of message.vias) seen += via.host.length + (via.branch?.length ?? 0);
  seen += (message.from.tag?.length ?? 0) + (message.to.tag?.length ?? 0) + message.callId.length;
  seen += message.cseq.number + message.contacts.length;
  for (const route of message.routes) seen += parseUri(route.uri).scheme.length === 3 ? 1 : 0;
  for (const route of message.recordRoutes) seen += parseUri(route.uri).scheme.length === 3 ? 1 : 0;
  seen += message.maxForwards ?? 0;
  for (const { value } of message.fields) if (value === undefined) seen += 1;
  return seen;
}

function readTheirs(message: TheirMessage): number {
  const { headers } = message;
  let seen = message.uri === undefined ? message.status! : message.uri.length;
  for (const via of headers.via) seen += via.host.length + (via.params.branch?.length ?? 0);
  seen +=
    (headers.from.params.tag?.length ?? 0) + (headers.to.params.tag?.length ?? 0) + headers['call-id'].length;
  seen +=
    headers.cseq.seq +
    (headers.contact === undefined || headers.contact === '*' ? 0 : headers.contact.length);
  seen += (headers.route?.length ?? 0) + (headers['record-route']?.length ?? 0);
  return seen + Number(headers['max-forwards'] ?? 0);
}

function readProxy(message: SipMessage): number {
  let seen = message.kind === 'request' ? message.uri.length + message.method.length : message.status;
  const { via } = message;
  seen += via.host.length + (via.branch?.length ?? 0);
  seen += (message.from.tag?.length ?? 0) + (message.to.tag?.length ?? 0) + message.callId.length;
  return seen + message.cseq.number + message.routes.length + (message.maxForwards ?? 0);
}

function readProxyTheirs(message: TheirMessage): number {
  const { headers } = message;
  let seen = message.uri === undefined ? message.status! : message.uri.length + message.method!.length;
  const via = headers.via[0]!;
  seen += via.host.length + (via.params.branch?.length ?? 0);
  seen +=
    (headers.from.params.tag?.length ?? 0) + (headers.to.params.tag?.length ?? 0) + headers['call-id'].length;
  return seen + headers.cseq.seq + (headers.route?.length ?? 0) + Number(headers['max-forwards'] ?? 0);
}

const VIA = 'SIP/2.0/UDP proxy.example:5060;branch=z9hG4bKbench';

function forward(message: SipMessage): SipMessage {
  if (message.kind === 'response') return message.removeFirst('Via');
  return message.prepend('Via', VIA).set('Max-Forwards', String((message.maxForwards ?? 70) - 1));
}

function forwardTheirs(message: TheirMessage): TheirMessage {
  const { headers } = message;
  if (message.uri === undefined) headers.via.shift();
  else {
    const via = { version: '2.0', protocol: 'UDP', host: 'proxy.example', port: 5060 };
    headers.via.unshift({ ...via, params: { branch: 'z9hG4bKbench' } });
    headers['max-forwards'] = Number(headers['max-forwards'] ?? 70) - 1;
  }
  return message;
}

function proveSameReads(messages: readonly Buffer[]): void {
  for (const bytes of messages) {
    const ours = parseMessage(bytes);
    const other = theirs.parse(bytes);
    const [typed, proxy] = [readTyped(ours), readProxy(ours)];
    if (typed !== readTheirs(other) || proxy !== readProxyTheirs(other)) {
      throw new Error(`reads differ: ${typed}, ${readTheirs(other)} in\n${bytes.toString('latin1')}`);
    }
    if (!bytes.equals(writeMessage(ours))) throw new Error('the message did not come back');
    if (ours.kind === 'response') continue;
    const forwarded = theirs.parse(Buffer.from(writeMessage(forward(ours))));
    if (readProxyTheirs(forwarded) !== readProxyTheirs(forwardTheirs(other)))
      throw new Error('an edit was lost');
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  printContests(await benchSip());
}
