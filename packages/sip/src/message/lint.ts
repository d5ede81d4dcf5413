import type { HeaderField } from './field.ts';
import { headerNamed } from './header-names.ts';
import type { SipMessage, SipRequest, SipResponse } from './message.ts';
import type { Params } from './params.ts';
import { placeIn, SipSyntaxError } from './sip-error.ts';
import { sessionExpiresOf } from './timing-headers.ts';
import { isSipUri, parseUri } from './uri.ts';
import { verifyField, verifyMessage } from './verify-message.ts';

export type SipSeverity = 'error' | 'warning' | 'info';

/** Something a message gets wrong, or what a reader should know of it. */
export interface SipFinding {
  readonly code: string;
  readonly severity: SipSeverity;
  readonly message: string;
  readonly clause: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

/** Bytes that could not be read, as a finding. */
export function findingFromSipError(error: SipSyntaxError): SipFinding {
  const { code, what, clause, line, column } = error;
  return { code, severity: 'error', message: what, clause, line, column };
}

/** What one message gets wrong on its own, in the order of its lines. */
export function lint(message: SipMessage): SipFinding[] {
  const subject = new Subject(message);
  checkSyntax(subject);
  checkMandatory(subject);
  checkVias(subject);
  checkBody(subject);
  checkContact(subject);
  checkTags(subject);
  checkTimers(subject);
  checkAddresses(subject);
  checkText(subject);
  return subject.findings.sort((a, b) => a.line - b.line || a.column - b.column);
}

class Subject {
  readonly message: SipMessage;
  readonly findings: SipFinding[] = [];
  readonly #lines = new Map<HeaderField, number>();

  constructor(message: SipMessage) {
    this.message = message;
    let line = message.startLine.split('\n').length;
    for (const field of message.fields) {
      this.#lines.set(field, line);
      line += field.raw.split('\n').length - 1;
    }
  }

  add(severity: SipSeverity, code: string, clause: string, message: string, field?: HeaderField): void {
    const line = field === undefined ? 1 : this.#lines.get(field)!;
    this.findings.push({ code, severity, message, clause, line, column: 1 });
  }

  /** An error in a field, at its place in the message. */
  addError(error: SipSyntaxError, field: HeaderField): void {
    // The error counts lines in the text the field stands in; an edited message has fields of other texts.
    const line = this.#lines.get(field)! + Math.max(0, error.line - placeIn(field.text, field.start).line);
    const { code, what, clause, column } = error;
    this.findings.push({ code, severity: 'error', message: what, clause, line, column });
  }

  first(key: string): HeaderField | undefined {
    return this.message.fields.find((field) => field.key === key);
  }

  /** The value of a reader that may not be able to read; syntax is reported elsewhere. */
  try<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof SipSyntaxError) return undefined;
      throw error;
    }
  }
}

function checkSyntax(subject: Subject): void {
  let malformed = false;
  for (const field of subject.message.fields) {
    try {
      verifyField(field);
    } catch (error) {
      if (!(error instanceof SipSyntaxError)) throw error;
      malformed = true;
      subject.addError(error, field);
    }
  }
  if (malformed) return;
  try {
    verifyMessage(subject.message);
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    // Missing headers are told one by one.
    if (error.code !== 'header-missing') subject.findings.push(findingFromSipError(error));
  }
}

const MANDATORY = ['via', 'from', 'to', 'call-id', 'cseq'];

/** Headers a method cannot do without, with the clause that says so. */
const BY_METHOD: Readonly<Record<string, readonly (readonly [key: string, clause: string])[]>> = {
  INVITE: [['contact', 'RFC 3261 section 8.1.1.8']],
  PRACK: [['rack', 'RFC 3262 section 7.2']],
  REFER: [
    ['refer-to', 'RFC 3515 section 2.1'],
    ['contact', 'RFC 3515 section 2.2'],
  ],
  SUBSCRIBE: [
    ['event', 'RFC 6665 section 8.2.1'],
    ['contact', 'RFC 6665 section 4.1.2.1'],
  ],
  NOTIFY: [
    ['event', 'RFC 6665 section 8.2.1'],
    ['subscription-state', 'RFC 6665 section 8.2.3'],
    ['contact', 'RFC 6665 section 4.2.2'],
  ],
  UPDATE: [['contact', 'RFC 3311 section 5.1']],
  PUBLISH: [['event', 'RFC 3903 section 4']],
};

function checkMandatory(subject: Subject): void {
  const { message } = subject;
  const missing = (key: string, clause: string) => {
    if (message.has(key)) return;
    subject.add('error', `${key}-missing`, clause, `there is no ${headerNamed(key).name}`);
  };
  for (const key of MANDATORY) missing(key, 'RFC 3261 section 8.1.1');
  if (message.kind === 'response') {
    const method = subject.try(() => message.cseq.method);
    if (method === 'INVITE' && message.status >= 200 && message.status < 300) {
      missing('contact', 'RFC 3261 section 12.1.1');
    }
    if (message.status === 401) missing('www-authenticate', 'RFC 3261 section 22.2');
    if (message.status === 407) missing('proxy-authenticate', 'RFC 3261 section 22.3');
    if (message.status === 420) missing('unsupported', 'RFC 3261 section 21.4.15');
    if (message.status === 423) missing('min-expires', 'RFC 3261 section 21.4.17');
    if (message.status === 422) missing('min-se', 'RFC 4028 section 6');
    if (message.status === 405) missing('allow', 'RFC 3261 section 21.4.6');
    return;
  }
  if (!message.has('Max-Forwards')) {
    subject.add('error', 'max-forwards-missing', 'RFC 3261 section 8.1.1.6', 'there is no Max-Forwards');
  }
  for (const [key, clause] of BY_METHOD[message.method] ?? []) missing(key, clause);
}

function checkVias(subject: Subject): void {
  const vias = subject.try(() => subject.message.vias) ?? [];
  const field = subject.first('via');
  vias.forEach((via) => {
    const { branch } = via;
    if (branch === undefined || !/^z9hg4bk/i.test(branch)) {
      const what = branch === undefined ? 'a Via has no branch' : `the branch ${branch} has no magic cookie`;
      subject.add('warning', 'branch-cookie', 'RFC 3261 section 8.1.1.7', what, field);
    } else if (branch.length === 7) {
      subject.add(
        'error',
        'branch-empty',
        'RFC 3261 section 8.1.1.7',
        'nothing follows the magic cookie',
        field,
      );
    }
  });
  const branches = vias.flatMap(({ branch }) => branch ?? []);
  if (new Set(branches).size !== branches.length) {
    subject.add('error', 'branch-repeated', 'RFC 3261 section 8.1.1.7', 'two Vias have one branch', field);
  }
}

function checkBody(subject: Subject): void {
  const { message } = subject;
  const length = subject.try(() => message.contentLength);
  const size = message.body.length;
  if (length === undefined && !message.has('content-length')) {
    const clause = 'RFC 3261 section 20.14';
    subject.add('warning', 'content-length-missing', clause, 'there is no Content-Length: a stream needs it');
  } else if (length !== undefined && length !== size) {
    const what = `Content-Length says ${length}, the body has ${size} bytes`;
    subject.add(
      'error',
      'content-length-mismatch',
      'RFC 3261 section 18.3',
      what,
      subject.first('content-length'),
    );
  }
  if (size > 0 && !message.has('content-type')) {
    subject.add('error', 'content-type-missing', 'RFC 3261 section 20.15', 'a body without Content-Type');
  }
}

function checkContact(subject: Subject): void {
  const field = subject.first('contact');
  const contacts = subject.try(() => subject.message.contacts) ?? [];
  const { message } = subject;
  for (const { uri } of contacts) {
    const parsed = subject.try(() => parseUri(uri));
    if (parsed === undefined || !isSipUri(parsed)) continue;
    if (/\.invalid\.?$/i.test(parsed.host)) {
      const what = `${parsed.host} cannot be reached but over the connection it came from`;
      subject.add('info', 'contact-invalid-host', 'RFC 7118 appendix B.1', what, field);
    }
    if (message.kind === 'request' && /^sips:/i.test(message.uri) && parsed.scheme !== 'sips') {
      const what = 'a request to sips: has a sips: Contact';
      subject.add('error', 'contact-not-sips', 'RFC 3261 section 8.1.1.8', what, field);
    }
  }
  if (message.kind === 'request' && message.method === 'INVITE' && contacts.length > 1) {
    subject.add('error', 'contact-repeated', 'RFC 3261 section 8.1.1.8', 'an INVITE has one Contact', field);
  }
}

function checkTags(subject: Subject): void {
  const { message } = subject;
  const from = subject.try(() => message.from);
  if (from !== undefined && from.tag === undefined) {
    subject.add(
      'error',
      'from-tag-missing',
      'RFC 3261 section 8.1.1.3',
      'From has no tag',
      subject.first('from'),
    );
  }
  const to = subject.try(() => message.to);
  if (to === undefined || to.tag !== undefined) return;
  if (message.kind === 'response') checkResponseTag(subject, message);
  else checkRequestTag(subject, message);
}

function checkResponseTag(subject: Subject, { status }: SipResponse): void {
  if (status === 100) return;
  const severity = status < 200 ? 'warning' : 'error';
  subject.add(severity, 'to-tag-missing', 'RFC 3261 section 8.2.6.2', 'To has no tag', subject.first('to'));
}

const IN_DIALOG = new Set(['BYE', 'PRACK', 'UPDATE']);

function checkRequestTag(subject: Subject, { method }: SipRequest): void {
  if (!IN_DIALOG.has(method)) return;
  const what = `${method} belongs to a dialog, and To has no tag`;
  subject.add('error', 'to-tag-missing', 'RFC 3261 section 12.2.1.1', what, subject.first('to'));
}

function checkTimers(subject: Subject): void {
  const timer = subject.try(() => sessionExpiresOf(subject.message));
  if (timer !== undefined && timer.seconds < 90) {
    const what = `a session of ${timer.seconds} s is shorter than 90 s`;
    subject.add(
      'error',
      'session-expires-short',
      'RFC 4028 section 4',
      what,
      subject.first('session-expires'),
    );
  }
}

function checkAddresses(subject: Subject): void {
  const { message } = subject;
  for (const [key, read] of [
    ['from', () => [message.from]],
    ['to', () => [message.to]],
    ['contact', () => message.contacts],
    ['route', () => message.routes],
  ] as const) {
    for (const { uri, params } of subject.try(read) ?? []) {
      const parsed = subject.try(() => parseUri(uri));
      const inUri = parsed !== undefined && isSipUri(parsed) ? repeated(parsed.params) : undefined;
      const name = inUri ?? repeated(params);
      if (name === undefined) continue;
      const clause = inUri === undefined ? 'RFC 3261 section 7.3.1' : 'RFC 3261 section 19.1.1';
      subject.add('warning', 'parameter-repeated', clause, `${name} stands twice`, subject.first(key));
    }
  }
}

// The first parameter that stands twice.
function repeated({ list }: Params): string | undefined {
  const seen = new Set<string>();
  for (const { name } of list) {
    if (seen.has(name.toLowerCase())) return name;
    seen.add(name.toLowerCase());
  }
  return undefined;
}

function checkText(subject: Subject): void {
  const { message } = subject;
  if (message.encoding === 'bytes') {
    subject.add('warning', 'not-utf-8', 'RFC 3261 section 25.1', 'the headers are not UTF-8');
  }
  for (const field of message.fields) {
    const { raw } = field;
    if (raw.indexOf('\n') < raw.length - 1) {
      subject.add('info', 'folded', 'RFC 3261 section 7.3.1', `${field.name} is folded`, field);
    }
    if (raw.includes('\0')) {
      subject.add('warning', 'nul', 'RFC 3261 section 25.1', `${field.name} holds a NUL`, field);
    }
  }
  if (message.kind === 'response' && /^SIP\/\S+ \d{3}\r?\n?$/i.test(message.startLine.trimStart())) {
    subject.add('warning', 'reason-space-missing', 'RFC 3261 section 7.2', 'no space behind the status');
  }
}
