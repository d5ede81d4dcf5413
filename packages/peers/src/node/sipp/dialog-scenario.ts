import {
  get,
  goTo,
  label,
  mayBeRefused,
  mayGet,
  mayReceive,
  order,
  refusals,
  response,
  send,
  tell,
  when,
} from './scenario-parts.ts';

/** How each side of the dialog is named in a request from here. */
export interface DialogHeads {
  readonly from: string;
  readonly to: string;
  readonly contact: string;
}

/** Where the dialog begins, once it is up. */
export const UP = 100;

/** Request within the dialog; the branch is of the CSeq, so that each request has its own. */
export function request(method: string, heads: DialogHeads, cseqMethod = method): readonly string[] {
  return [
    `${method} [next_url] SIP/2.0`,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]x[call_number]x[cseq]${method === 'ACK' ? 'a' : ''};rport`,
    '[routes]',
    `From: ${heads.from}`,
    `To: ${heads.to}`,
    'Call-ID: [call_id]',
    `CSeq: [cseq] ${cseqMethod}`,
    `Contact: ${heads.contact}`,
    'Max-Forwards: 70',
    'User-Agent: SIPp',
  ];
}

/** All that can happen in a call that is up, until one side ends it. `over` is the label behind it. */
export function dialogSteps(heads: DialogHeads, over: number): string[] {
  const offered = [...response('200 OK'), `Contact: ${heads.contact}`];
  const refused = refusals(200, response, [goTo(UP)]);
  return [
    label(UP),
    mayReceive('BYE', 110, 'bye'),
    mayReceive('INVITE', 121, 'offer'),
    mayReceive('ACK', UP),
    mayReceive('REFER', 130),
    mayReceive('CANCEL', 140),
    mayGet(200, UP),
    order(),
    when('bye', 150),
    when('change', 160),
    when('refer', 180),
    goTo(UP),

    label(110),
    send(response('200 OK')),
    goTo(over),

    // The far side changes the session: the driver answers.
    label(121),
    order(),
    ...refused.branches,
    when('bye', 150),
    when('accept', 123),
    goTo(121),
    label(123),
    send([...offered, 'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE'], {
      body: '[$sdp]',
      retransmit: true,
    }),
    label(122),
    mayReceive('INVITE', 122),
    get('ACK', 'changed'),
    goTo(UP),
    ...refused.steps,

    label(130),
    send(response('603 Decline')),
    goTo(UP),
    label(140),
    send(response('200 OK')),
    goTo(UP),

    label(150),
    send(request('BYE', heads), { retransmit: true }),
    label(152),
    mayReceive('BYE', 154),
    mayReceive('NOTIFY', 158),
    mayGet(100, 152),
    mayBeRefused(156),
    get(200),
    goTo(156),
    // Of a transfer that it has left.
    label(158),
    send(response('200 OK')),
    goTo(152),
    label(154),
    send(response('200 OK')),
    label(156),
    tell('ended'),
    goTo(over),

    label(160),
    send(request('INVITE', heads), { body: '[$sdp]', retransmit: true }),
    label(162),
    mayGet(100, 162),
    mayGet(180, 162),
    mayBeRefused(170),
    mayReceive('BYE', 110, 'bye'),
    get(200, 'answered', 'rrs="true"'),
    send(request('ACK', heads)),
    goTo(UP),
    label(170),
    send(request('ACK', heads).map((line) => line.replace('[cseq]a;', '[cseq];'))),
    tell('change-refused'),
    goTo(UP),

    label(180),
    send([...request('REFER', heads), 'Refer-To: <[$target]>', `Referred-By: ${heads.from}`], {
      retransmit: true,
    }),
    label(182),
    mayGet(100, 182),
    mayBeRefused(190),
    mayReceive('NOTIFY', 184, 'notify'),
    get(202, 'transferring'),
    label(183),
    mayReceive('BYE', 110, 'bye'),
    mayGet(202, 183),
    mayReceive('NOTIFY', 184, 'notify'),
    order(),
    when('bye', 150),
    goTo(183),
    label(190),
    tell('transfer-refused'),
    goTo(UP),
    label(184),
    send(response('200 OK')),
    goTo(183),
  ];
}

export const DIALOG_VARIABLES = [
  ...['is_bye', 'is_change', 'is_refer', 'is_accept'],
  ...refusals(0, response, []).variables,
];
