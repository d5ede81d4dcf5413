import type { SipMessage } from '../message/message.ts';

/** What a message carries besides its headers. */
export interface SipBody {
  readonly bytes: Uint8Array;
  /** Content-Type as written. */
  readonly type: string;
  /** Content-Disposition as written, where it is there. */
  readonly disposition?: string;
}

/** The body of a message; undefined where it is empty. */
export function bodyOf(message: SipMessage): SipBody | undefined {
  if (message.body.length === 0) return undefined;
  const type = message.get('Content-Type') ?? 'application/octet-stream';
  const disposition = message.get('Content-Disposition');
  return disposition === undefined
    ? { bytes: message.body, type }
    : { bytes: message.body, type, disposition };
}

/** The headers that a body needs besides its length. */
export function bodyHeaders(body: SipBody | undefined): readonly (readonly [string, string])[] {
  if (body === undefined) return [];
  const headers: [string, string][] = [['Content-Type', body.type]];
  if (body.disposition !== undefined) headers.push(['Content-Disposition', body.disposition]);
  return headers;
}

/** Whether it is a session description, alone or beside other parts. */
export function isDescription(body: SipBody | undefined): boolean {
  return body !== undefined && /^\s*(?:application\/sdp|multipart\/)/i.test(body.type);
}
