import { DIALOG_VARIABLES, type DialogHeads, dialogSteps, request, UP } from './dialog-scenario.ts';
import {
  beginAsMaster,
  get,
  goTo,
  label,
  mayBeRefused,
  mayGet,
  ORDER_VARIABLES,
  order,
  scenario,
  send,
  tell,
  when,
} from './scenario-parts.ts';

const OVER = 900;

export interface CallerScenario {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
  /** The address that is called: `sip:bob@lab.localhost`. */
  readonly to: string;
  /** The offer; without it the callee's is asked for, and the driver gives the answer to it (`accept`). */
  readonly sdp?: string;
}

/** A phone that places one call, and then does as the driver says. */
export function callerScenario(call: CallerScenario): string {
  const own = `<sip:${call.user}@${call.domain}>;tag=[pid]SIPp[call_number]`;
  const contact = `<sip:${call.user}@[local_ip]:[local_port];transport=[transport]>`;
  const heads: DialogHeads = { from: own, to: `<${call.to}>[peer_tag_param]`, contact };
  const invite = (authentication: readonly string[]): readonly string[] => [
    ...outside('INVITE', call.to, own, `<${call.to}>`, contact),
    ...authentication,
    'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REFER, NOTIFY',
  ];
  const acknowledge = send(outside('ACK', call.to, own, `<${call.to}>[peer_tag_param]`, contact));
  const body = call.sdp === undefined ? {} : { body: call.sdp.trimEnd() };
  const isLate = call.sdp === undefined;
  const awaiting = (at: number, challenged: number | undefined): readonly string[] => [
    label(at),
    ...[100, 181, 182, 199].map((status) => mayGet(status, at, 'trying')),
    mayGet(180, at, 'ringing'),
    mayGet(183, at, 'early'),
    ...[401, 407].map((status) =>
      challenged === undefined ? mayGet(status, 40) : mayGet(status, challenged, undefined, 'auth="true"'),
    ),
    mayGet(200, 30, 'answered', 'rrs="true"'),
    mayBeRefused(40),
    order(),
    goTo(50),
  ];
  const steps = [
    beginAsMaster(),
    send(invite([]), { ...body, retransmit: true, next: 10 }),
    ...awaiting(10, 15),
    label(15),
    acknowledge,
    send(invite([`[authentication username=${call.user} password=${call.password}]`]), {
      ...body,
      retransmit: true,
      next: 20,
    }),
    ...awaiting(20, undefined),

    label(30),
    ...(isLate ? [mayGet(200, 30), order(), when('accept', 32), goTo(30), label(32)] : []),
    send(request('ACK', heads), isLate ? { body: '[$sdp]' } : {}),
    goTo(UP),

    label(40),
    acknowledge,
    tell('refused'),
    goTo(OVER),

    // CANCEL is of the INVITE's own branch and CSeq.
    label(50),
    send(outside('CANCEL', call.to, own, `<${call.to}>`, undefined)),
    label(52),
    '<recv response="200" optional="true" test="answered" next="58"><action><ereg regexp="INVITE" search_in="hdr" header="CSeq:" assign_to="answered"/></action></recv>',
    mayGet(100, 52),
    mayGet(180, 52),
    mayGet(481, 52),
    mayBeRefused(56, [481, 487]),
    get(487),
    label(56),
    acknowledge,
    tell('cancelled'),
    goTo(OVER),
    // The answer was faster.
    label(58),
    send(request('ACK', heads)),
    goTo(150),

    ...dialogSteps(heads, OVER),
    label(OVER),
    '<nop/>',
  ];
  return scenario('caller', steps, [...ORDER_VARIABLES, ...DIALOG_VARIABLES, 'answered']);
}

/** A request outside of a dialog, or of its INVITE's transaction. */
export function outside(
  method: string,
  target: string,
  from: string,
  to: string,
  contact: string | undefined,
): readonly string[] {
  return [
    `${method} ${target} SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]x[call_number]x[cseq];rport',
    `From: ${from}`,
    `To: ${to}`,
    'Call-ID: [call_id]',
    `CSeq: [cseq] ${method}`,
    ...(contact === undefined ? [] : [`Contact: ${contact}`]),
    'Max-Forwards: 70',
    'User-Agent: SIPp',
  ];
}
