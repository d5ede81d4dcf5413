import type { SipMessage, SipResponse } from '@crosspoint/sip';
import type { Defect } from './defect.ts';

const isOfInvite = (message: SipMessage): boolean => message.cseq.method === 'INVITE';

const mtu: Defect = {
  id: 'mtu',
  title: 'A request above the MTU goes by UDP at once, and no stream is tried.',
  seen: 'The INVITE goes out in fragments, and where one of them is dropped it disappears.',
  clause: 'RFC 3261 section 18.1.1',
  scenario: 'call',
  check: 'large-invite',
  phone: ['transport:udp'],
  wire: () => ({ anySize: true }),
};

const contactUnreachable: Defect = {
  id: 'contact-unreachable',
  title: "The phone's Contact names a host that does not exist: the end of the call leads nowhere.",
  seen: 'The far side never hangs up.',
  clause: 'RFC 3261 section 8.1.1.8, RFC 5626 section 4.2',
  scenario: 'call',
  check: 'hang-up-caller',
  // Over a connection requests go back by that, whatever the Contact says (RFC 5626 section 5.3).
  phone: ['transport:udp'],
  wire: () => ({
    received: (message) => {
      const isAnswer = message.kind === 'response' && message.status >= 200 && message.status < 300;
      if (!isAnswer || !isOfInvite(message) || !message.has('Contact')) return [message];
      return [message.set('Contact', '<sip:gone.invalid>')];
    },
  }),
};

/** The same from a phone that rings too and will not be the one that answers. */
function losingBranch(early: SipResponse): SipResponse {
  const description = new TextDecoder()
    .decode(early.body)
    .replace(/^(a=ice-ufrag:).*$/gm, '$1lost')
    .replace(/^(a=ice-pwd:).*$/gm, '$1ofabranchthatwilllose0000');
  const { uri } = early.to;
  return early
    .set('To', `<${uri}>;tag=losing-branch`)
    .remove('Require')
    .remove('RSeq')
    .withBody(new TextEncoder().encode(description), 'application/sdp');
}

const forkEarly: Defect = {
  id: 'fork-early',
  title: 'A phone that does not answer in the end takes the early media: its 183 comes first.',
  seen: 'The caller hears nothing, or another than the one that answers.',
  clause: 'RFC 3960 section 3.1, RFC 3261 section 13.2.2.4',
  scenario: 'early-media',
  check: 'early-media',
  wire: () => ({
    received: (message) =>
      message.kind === 'response' && message.status === 183 && isOfInvite(message) && message.body.length > 0
        ? [losingBranch(message), message]
        : [message],
  }),
};

const prackLost: Defect = {
  id: 'prack-lost',
  title: 'PRACK is lost on the way, as by a proxy that does not know the method.',
  seen: 'The phone sends its 183 again and again, and may give the call up.',
  clause: 'RFC 3262 section 4',
  scenario: 'early-media',
  check: 'reliable-provisional',
  wire: () => ({
    received: (message) => (message.kind === 'request' && message.method === 'PRACK' ? [] : [message]),
  }),
};

const reasonStripped: Defect = {
  id: 'reason-stripped',
  title: 'A CANCEL because another phone answered comes without its Reason.',
  seen: 'Every phone of a person shows a missed call, though one of them took it.',
  clause: 'RFC 3326 section 2',
  scenario: 'forking',
  check: 'forking',
  wire: () => ({
    sending: (request) => (request.method === 'CANCEL' ? request.remove('Reason') : request),
  }),
};

const dialogTagChanged: Defect = {
  id: 'dialog-tag-changed',
  title: 'A request within the call reaches the phone with another To tag: it knows no such call.',
  seen: 'The call ends at its first refresh, or cannot be held.',
  clause: 'RFC 3261 sections 12.2.2 and 16.6',
  scenario: 'digits',
  check: 'session-refresh',
  wire: () => ({
    received: (message) => {
      if (message.kind !== 'request' || message.method !== 'INVITE') return [message];
      const { tag, uri } = message.to;
      return [tag === undefined ? message : message.set('To', `<${uri}>;tag=${tag}-other`)];
    },
  }),
};

/** What goes wrong between two hops of SIP, as a middlebox makes it. */
export const WIRE_DEFECTS: readonly Defect[] = [
  mtu,
  contactUnreachable,
  forkEarly,
  prackLost,
  reasonStripped,
  dialogTagChanged,
];
