import { DIALOG_VARIABLES, type DialogHeads, dialogSteps, UP } from './dialog-scenario.ts';
import {
  beginAsMaster,
  get,
  goTo,
  label,
  mayReceive,
  ORDER_VARIABLES,
  order,
  refusals,
  response,
  scenario,
  send,
  tell,
  when,
} from './scenario-parts.ts';
import { logEvent } from './sipp-event.ts';

const OVER = 900;
const TAG = ';tag=[pid]SIPp[call_number]';

/** A phone that waits for calls: what it does is the driver's word, given by SIPp's third-party call control. */
export function calleeScenario(user: string): string {
  const contact = `<sip:${user}@[local_ip]:[local_port];transport=[transport]>`;
  const heads: DialogHeads = { from: `[$near]${TAG}`, to: '[$far]', contact };
  const first = (status: string): readonly string[] => [
    `SIP/2.0 ${status}`,
    '[last_Via:]',
    '[last_From:]',
    `[last_To:]${TAG}`,
    '[last_Call-ID:]',
    '[last_CSeq:]',
    '[last_Record-Route:]',
    `Contact: ${contact}`,
  ];
  const refused = refusals(30, first, [tell('refused'), goTo(OVER)]);
  const steps = [
    '<recv request="INVITE" rrs="true"><action>',
    // A CANCEL has one Via only, but the 487 after it is the INVITE's response.
    '<ereg regexp="Via: [^[:cntrl:]]*([[:cntrl:]]+Via: [^[:cntrl:]]*)*" search_in="msg" assign_to="vias,via"/>',
    '<ereg regexp="[^ ].*" search_in="hdr" header="From:" assign_to="far"/>',
    '<ereg regexp="[^ ].*" search_in="hdr" header="To:" assign_to="near"/>',
    '<ereg regexp=".*" search_in="msg" assign_to="now"/>',
    logEvent('incoming', '[$now]'),
    '</action></recv>',
    send(first('100 Trying'), { next: 1 }),
    // Never reached, but read.
    beginAsMaster(),
    label(1),
    mayReceive('CANCEL', 20, 'cancelled'),
    order(),
    when('ring', 5),
    when('early', 10),
    ...refused.branches,
    when('accept', 40),
    goTo(1),
    label(5),
    send(first('180 Ringing')),
    tell('rung'),
    goTo(1),
    label(10),
    send(first('183 Session Progress'), { body: '[$sdp]' }),
    tell('rung'),
    goTo(1),

    label(20),
    send(response('200 OK')),
    send(
      [
        'SIP/2.0 487 Request Terminated',
        '[$vias]',
        '[last_From:]',
        `[last_To:]${TAG}`,
        '[last_Call-ID:]',
        'CSeq: [last_cseq_number] INVITE',
      ],
      { retransmit: true },
    ),
    '<recv request="ACK"/>',
    goTo(OVER),

    ...refused.steps,

    label(40),
    send([...first('200 OK'), 'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE'], {
      body: '[$sdp]',
      retransmit: true,
    }),
    label(42),
    mayReceive('CANCEL', 45),
    mayReceive('BYE', 110, 'bye'),
    get('ACK', 'confirmed'),
    goTo(UP),
    // It came too late.
    label(45),
    send(response('200 OK')),
    goTo(42),

    ...dialogSteps(heads, OVER),
    label(OVER),
    '<nop/>',
  ];
  return scenario('callee', steps, [
    ...ORDER_VARIABLES,
    ...DIALOG_VARIABLES,
    ...['is_ring', 'is_early', 'vias', 'via', 'far', 'near'],
  ]);
}
