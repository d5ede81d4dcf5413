import type { SipRequest, SipResponse } from '../message/message.ts';
import { NameAddr, writeNameAddr } from '../message/name-addr.ts';
import { parseUri } from '../message/uri.ts';

/** A dialog (RFC 3261 section 12): plain data; every change gives a new value. */
export interface Dialog {
  readonly state: 'early' | 'confirmed';
  readonly role: 'uac' | 'uas';
  readonly callId: string;
  readonly localTag: string;
  /** Empty where the far side is of RFC 2543 and gave none. */
  readonly remoteTag: string;
  /** From or To of requests sent, without the tag, as written. */
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** Where requests go: the far side's Contact. */
  readonly remoteTarget: string;
  /** Values of Route, the first hop first. */
  readonly routeSet: readonly string[];
  /** CSeq number used last by us. */
  readonly localSeq: number;
  /** CSeq number used last by the far side; undefined before its first request. */
  readonly remoteSeq: number | undefined;
}

/** What a dialog is known by (section 12). */
export function dialogKey(callId: string, localTag: string, remoteTag: string): string {
  return `${callId} ${localTag} ${remoteTag}`;
}

export function keyOf(dialog: Dialog): string {
  return dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag);
}

/**
 * The dialog that a 101-2xx response makes at the caller (section 12.1.2). Undefined where it makes none: 100, no
 * To-tag before the final response, or no Contact. May throw SipSyntaxError.
 */
export function dialogFromResponse(request: SipRequest, response: SipResponse): Dialog | undefined {
  if (response.status <= 100 || response.status >= 300) return undefined;
  const remoteTag = response.to.tag;
  const contact = response.contacts[0];
  if (remoteTag === undefined && response.status < 200) return undefined;
  // A provisional response without Contact still keeps its fork apart; requests in it go where the INVITE went.
  const remoteTarget = contact?.uri ?? request.uri;
  return {
    state: response.status < 200 ? 'early' : 'confirmed',
    role: 'uac',
    callId: request.callId,
    localTag: request.from.tag ?? '',
    remoteTag: remoteTag ?? '',
    localAddress: withoutTag(request.from),
    remoteAddress: withoutTag(request.to),
    remoteTarget,
    routeSet: routesOf(response).reverse(),
    localSeq: request.cseq.number,
    remoteSeq: undefined,
  };
}

/** The dialog that a request makes at who answers it (section 12.1.1). May throw SipSyntaxError. */
export function dialogFromRequest(
  request: SipRequest,
  localTag: string,
  state: Dialog['state'],
): Dialog | undefined {
  const contact = request.contacts[0];
  if (contact === undefined) return undefined;
  return {
    state,
    role: 'uas',
    callId: request.callId,
    localTag,
    remoteTag: request.from.tag ?? '',
    localAddress: withoutTag(request.to),
    remoteAddress: withoutTag(request.from),
    remoteTarget: contact.uri,
    routeSet: routesOf(request),
    localSeq: 0,
    remoteSeq: request.cseq.number,
  };
}

/** The early dialog confirmed by its 2xx: the route set is computed again (section 13.2.2.4). */
export function confirmDialog(dialog: Dialog, response: SipResponse): Dialog {
  return {
    ...dialog,
    state: 'confirmed',
    remoteTarget: response.contacts[0]?.uri ?? dialog.remoteTarget,
    routeSet: dialog.role === 'uac' ? routesOf(response).reverse() : dialog.routeSet,
  };
}

/** With another target, as a target refresh request or its 2xx names one (section 12.2). */
export function refreshTarget(dialog: Dialog, message: SipRequest | SipResponse): Dialog {
  const target = message.contacts[0]?.uri;
  return target === undefined || target === dialog.remoteTarget
    ? dialog
    : { ...dialog, remoteTarget: target };
}

/**
 * Takes a request of the far side into the dialog: undefined where its CSeq is lower than the last, which is answered
 * 500 (section 12.2.2). ACK and CANCEL carry the number of their INVITE and are not judged here.
 */
export function receiveRequest(dialog: Dialog, cseqNumber: number): Dialog | undefined {
  if (dialog.remoteSeq !== undefined && cseqNumber <= dialog.remoteSeq) return undefined;
  return { ...dialog, remoteSeq: cseqNumber };
}

/** What a request within a dialog is made of. Via, Contact, Max-Forwards and the rest are added by who sends it. */
export interface DialogRequestParts {
  readonly uri: string;
  readonly routes: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseqNumber: number;
}

/** The next request in the dialog (section 12.2.1.1), and the dialog counted on. ACK passes its INVITE's number. */
export function nextRequest(
  dialog: Dialog,
  cseqNumber: number = dialog.localSeq + 1,
): { readonly parts: DialogRequestParts; readonly dialog: Dialog } {
  const { routeSet, remoteTarget } = dialog;
  const first = routeSet[0];
  let uri = remoteTarget;
  let routes = routeSet;
  if (first !== undefined && !isLoose(first)) {
    // A strict router is asked itself; the target goes to the end (section 12.2.1.1).
    uri = addressOf(first);
    routes = [...routeSet.slice(1), `<${remoteTarget}>`];
  }
  const parts = {
    uri,
    routes,
    from: withTag(dialog.localAddress, dialog.localTag),
    to: withTag(dialog.remoteAddress, dialog.remoteTag),
    callId: dialog.callId,
    cseqNumber,
  };
  const next = cseqNumber > dialog.localSeq ? { ...dialog, localSeq: cseqNumber } : dialog;
  return { parts, dialog: next };
}

function routesOf(message: SipRequest | SipResponse): string[] {
  return message.recordRoutes.map(writeNameAddr);
}

function addressOf(route: string): string {
  const open = route.indexOf('<');
  return route.slice(open + 1, route.indexOf('>', open));
}

function isLoose(route: string): boolean {
  const uri = parseUri(addressOf(route));
  return 'params' in uri && uri.params.has('lr');
}

function withoutTag(address: NameAddr): string {
  return writeNameAddr(new NameAddr(address.displayName, address.uri, address.params.without('tag')));
}

function withTag(address: string, tag: string): string {
  return tag === '' ? address : `${address};tag=${tag}`;
}
