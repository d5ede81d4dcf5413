import { logEvent } from './sipp-event.ts';

/** Final responses that a caller may get; SIPp has no way to name a range of them, and reads 64 KiB of a scenario. */
const REFUSALS = [
  ...[
    300, 301, 302, 305, 380, 400, 402, 403, 404, 405, 406, 408, 410, 412, 413, 414, 415, 416, 420, 421, 422,
    423,
  ],
  ...[
    424, 428, 429, 430, 433, 436, 437, 438, 439, 469, 470, 480, 481, 482, 483, 484, 485, 486, 487, 488, 489,
    491,
  ],
  ...[493, 494, 500, 501, 502, 503, 504, 505, 513, 580, 600, 603, 604, 606, 607, 608],
];

/** Escapes what stands in an attribute. */
export function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** A message or a command: leading spaces are SIPp's to cut, the rest stands as it is. */
function block(lines: readonly string[]): string {
  return `<![CDATA[\n\n${lines.join('\n')}\n\n]]>`;
}

/** Sends a message; `body` must have the media type of an SDP. Lines end as SIPp writes them, with CRLF. */
export function send(
  lines: readonly string[],
  options: { body?: string; retransmit?: boolean; next?: number } = {},
): string {
  const { body, retransmit, next } = options;
  const head = `<send${retransmit === true ? ' retrans="500"' : ''}${next === undefined ? '' : ` next="${next}"`}>`;
  const rest =
    body === undefined
      ? ['Content-Length: 0']
      : ['Content-Type: application/sdp', 'Content-Length: [len]', '', body];
  return `${head}${block([...lines, ...rest])}</send>`;
}

/**
 * Tells the driver what happened, with the last message that came. As an action of the step in which it happens: a step
 * of its own is one more in which SIPp takes what comes for unexpected.
 */
export function telling(event: string): string {
  // While a message is taken, `[last_message]` is still the one before it.
  const message = '<ereg regexp=".*" search_in="msg" assign_to="now"/>';
  return `<action>${message}${logEvent(event, '[$now]')}</action>`;
}

/** As a step of its own: where nothing else can come at that time. */
export function tell(event: string): string {
  return `<nop><action>${logEvent(event, '[last_message]')}</action></nop>`;
}

/** Makes SIPp the master of its third-party call control, which it takes from the first command of a scenario. */
export function beginAsMaster(): string {
  return `<sendCmd dest="driver">${block(['Call-ID: [call_id]', 'From: phone', ''])}</sendCmd>`;
}

/** Takes an order of the driver's. */
export function order(): string {
  const taken = [
    '<ereg regexp="Do: ([a-z0-9-]+)" search_in="msg" assign_to="order_line,order"/>',
    '<ereg regexp="Target: ([^[:cntrl:]]+)" search_in="msg" assign_to="target_line,target"/>',
    '<ereg regexp="SDP:[[:cntrl:]]*(v=.*)END" search_in="msg" assign_to="sdp_line,sdp"/>',
  ];
  return `<recvCmd src="driver"><action>${taken.join('')}</action></recvCmd>`;
}

/** Goes on at a label where the order was this. */
export function when(order: string, label: number): string {
  const variable = variableOf(order);
  // Not by a regular expression: one that does not match leaves its variable as it was.
  return [
    '<nop><action>',
    // A string can be compared, the find of a regular expression cannot.
    '<assignstr assign_to="word" value="[$order]"/>',
    `<strcmp assign_to="difference" variable="word" value="${order}"/>`,
    `<test assign_to="${variable}" variable="difference" compare="equal" value="0"/>`,
    '</action></nop>',
    `<nop test="${variable}" next="${label}"/>`,
  ].join('\n');
}

export function variableOf(order: string): string {
  return `is_${order.replaceAll('-', '_')}`;
}

/** How a call, or an offer within it, may be refused: SIPp takes no status from a variable. */
export const OWN_REFUSALS = {
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  603: 'Decline',
} as const;
export type OwnRefusal = keyof typeof OWN_REFUSALS;

/** Steps that refuse, where the order was to; the labels are `base`, `base` + 1, and so on. `head` writes a response's head. */
export function refusals(
  base: number,
  head: (status: string) => readonly string[],
  after: readonly string[],
): { readonly branches: string[]; readonly steps: string[]; readonly variables: string[] } {
  const all = Object.entries(OWN_REFUSALS).map(([status, phrase], at) => ({ status, phrase, at: base + at }));
  return {
    branches: all.map(({ status, at }) => when(`refuse-${status}`, at)),
    steps: all.flatMap(({ status, phrase, at }) => [
      label(at),
      send(head(`${status} ${phrase}`), { retransmit: true }),
      '<recv request="ACK"/>',
      ...after,
    ]),
    variables: all.map(({ status }) => variableOf(`refuse-${status}`)),
  };
}

export function goTo(label: number): string {
  return `<nop next="${label}"/>`;
}

export function label(number: number): string {
  return `<label id="${number}"/>`;
}

/** A request that may come now, and where it leads. */
export function mayReceive(request: string, next: number, event?: string): string {
  return `<recv request="${request}" optional="true" next="${next}">${event === undefined ? '' : telling(event)}</recv>`;
}

/** A response that may come now, and where it leads. */
export function mayGet(response: number, next: number, event?: string, more = ''): string {
  const told = event === undefined ? '' : telling(event);
  return `<recv response="${response}" optional="true" ${more} next="${next}">${told}</recv>`;
}

/** A response, or a request, that must come now. */
export function get(what: number | string, event?: string, more = ''): string {
  const kind = typeof what === 'number' ? 'response' : 'request';
  return `<recv ${kind}="${what}" ${more}>${event === undefined ? '' : telling(event)}</recv>`;
}

export function mayBeRefused(next: number, but: readonly number[] = []): string {
  return REFUSALS.filter((status) => !but.includes(status))
    .map((status) => mayGet(status, next))
    .join('\n');
}

/** A response to the last request, within a dialog. */
export function response(status: string): readonly string[] {
  return [
    `SIP/2.0 ${status}`,
    '[last_Via:]',
    '[last_From:]',
    '[last_To:]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
  ];
}

/** The whole scenario; SIPp refuses variables that are set and never used. */
export function scenario(name: string, steps: readonly string[], variables: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="ISO-8859-1" ?>',
    `<scenario name="${attribute(name)}">`,
    ...steps,
    `<Reference variables="${variables.join(',')}"/>`,
    '</scenario>',
    '',
  ].join('\n');
}

export const ORDER_VARIABLES = [
  ...['order_line', 'order', 'word', 'difference', 'now', 'target_line', 'target', 'sdp_line', 'sdp'],
];
