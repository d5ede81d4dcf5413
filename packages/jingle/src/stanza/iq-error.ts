import { NS } from '../namespaces.ts';
import { element, elementsOf, textOf, type XmlElement } from '../xml/element.ts';

/** What Jingle adds to an error (XEP-0166 section 10). */
export type JingleErrorName = 'out-of-order' | 'tie-break' | 'unknown-session' | 'unsupported-info';

/** An error that answers an IQ (RFC 6120 section 8.3). */
export interface IqError {
  readonly type: 'auth' | 'cancel' | 'continue' | 'modify' | 'wait';
  /** `item-not-found`, `conflict`, `bad-request` ... */
  readonly condition: string;
  readonly jingle?: JingleErrorName;
  readonly text?: string;
}

export const OUT_OF_ORDER: IqError = {
  type: 'wait',
  condition: 'unexpected-request',
  jingle: 'out-of-order',
};
export const TIE_BREAK: IqError = { type: 'cancel', condition: 'conflict', jingle: 'tie-break' };
export const UNKNOWN_SESSION: IqError = {
  type: 'cancel',
  condition: 'item-not-found',
  jingle: 'unknown-session',
};
export const UNSUPPORTED_INFO: IqError = {
  type: 'modify',
  condition: 'feature-not-implemented',
  jingle: 'unsupported-info',
};
export const UNKNOWN_CONTENT: IqError = {
  type: 'cancel',
  condition: 'item-not-found',
  text: 'no such content',
};

/** The error for a stanza that cannot be read. */
export function badRequest(text: string): IqError {
  return { type: 'modify', condition: 'bad-request', text };
}

export function writeIqError({ type, condition, jingle, text }: IqError): XmlElement {
  return element(NS.client, 'error', { type }, [
    element(NS.stanzas, condition),
    ...(text === undefined ? [] : [element(NS.stanzas, 'text', {}, [text])]),
    ...(jingle === undefined ? [] : [element(NS.jingleErrors, jingle)]),
  ]);
}

const TYPES: ReadonlySet<string> = new Set(['auth', 'cancel', 'continue', 'modify', 'wait']);
const NAMES: ReadonlySet<string> = new Set([
  'out-of-order',
  'tie-break',
  'unknown-session',
  'unsupported-info',
]);

/** Reads `<error/>`; what is not understood is `undefined-condition`. */
export function readIqError(error: XmlElement | undefined): IqError {
  let condition = 'undefined-condition';
  let jingle: JingleErrorName | undefined;
  let text: string | undefined;
  for (const child of error === undefined ? [] : elementsOf(error)) {
    if (child.xmlns === NS.jingleErrors && NAMES.has(child.name)) jingle = child.name as JingleErrorName;
    else if (child.xmlns !== NS.stanzas) continue;
    else if (child.name === 'text') text = textOf(child);
    else condition = child.name;
  }
  const type = error?.attrs.type ?? 'cancel';
  return {
    type: (TYPES.has(type) ? type : 'cancel') as IqError['type'],
    condition,
    ...(jingle === undefined ? {} : { jingle }),
    ...(text === undefined ? {} : { text }),
  };
}
