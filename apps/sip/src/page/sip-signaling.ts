import { type PageSignaling, UnsupportedError } from '@crosspoint/web-phone/browser';
import { type Account, accountFrom, askForAccount } from './account.ts';
import { SipLine } from './sip-line.ts';
import { sipPageTrace } from './sip-page-trace.ts';

const ALL_AT_ONCE = 'SIP.js sends each description with all its candidates, and knows no trickle (RFC 8840)';

/** The page as a SIP user agent: SIP.js over a WebSocket to a registrar, in place of the web protocol to a server. */
export function sipSignaling(): PageSignaling {
  let given: Account | undefined;
  let current: Account | undefined;
  return {
    makeLine: (settings, events) =>
      new SipLine(settings, events, async (name, token) => {
        current = given ?? (await askForAccount(name, token));
        given = undefined;
        return current;
      }),
    makeTrace: (_transport, events) =>
      sipPageTrace(events, () =>
        current === undefined ? undefined : `Bearer ${current.user}:${current.password}`,
      ),
    link: () => 'SIP over WebSocket',
    features: ['register', 'far-transfer', 'far-early-media', 'transport:ws', 'media:ice-dtls'],
    lacks: {
      'make-offer':
        'SIP.js would make the offer of an INVITE without one (RFC 3261 section 13.2.1), and the page was not tried with that',
      replaces: 'SIP.js takes Replaces where it is told to (RFC 3891), and the page does not tell it',
      'message-initiation': 'proposals by message are of Jingle (XEP-0353), and this page speaks SIP',
      consult:
        'asking before a transfer takes a second call (RFC 5589 section 7), and this page has one at a time',
      presence: 'a SIP registrar does not tell',
      data: 'SIP phones have no data channels, and so none is offered',
      trickle: ALL_AT_ONCE,
      'early-candidates': ALL_AT_ONCE,
      relay: 'a registrar gives a phone no TURN server',
      resume:
        'what the far side says while the WebSocket is lost is lost: SIP has no session that could be resumed (RFC 7118)',
      'far-dtmf': 'browsers play received telephone-events and tell a page nothing of them',
      'impair:long-digits': 'a browser counts the durations of its digits by itself (RFC 4733 section 2.5.1)',
      'early-media': 'SIP.js answers with the tracks it is given, and the page has none before it answers',
      'late-offer': 'SIP.js would call without an offer, and the page has its own at hand',
      reliable:
        'SIP.js acknowledges provisional responses where it is told to (RFC 3262), and the page does not tell it',
      refuse:
        'a person accepts or declines: SIP.js is given 603, 486, 480 or 488 for that and no other status',
      'transport:http': 'a page can speak SIP over a WebSocket alone (RFC 7118)',
      'transport:udp': 'a page can speak SIP over a WebSocket alone (RFC 7118)',
      'transport:tcp': 'a page can speak SIP over a WebSocket alone (RFC 7118)',
      'transport:tls': 'a page can speak SIP over a WebSocket alone (RFC 7118)',
      'media:rtp': 'the media of a browser is ICE and DTLS-SRTP alone (RFC 8827 section 6.5)',
      'media:sdes': 'the media of a browser is ICE and DTLS-SRTP alone (RFC 8827 section 6.5)',
    },
    account: {
      command: 'open-sip',
      take(args) {
        const { transport, media } = args;
        if (transport !== 'ws') throw new UnsupportedError(`no SIP over ${String(transport)} in a page`);
        if (media !== 'ice-dtls') throw new UnsupportedError(`no media by ${String(media)} in a browser`);
        given = accountFrom(args);
        return given.user;
      },
    },
  };
}
