import { type PageSignaling, UnsupportedError } from '@crosspoint/web-phone/browser';
import { type Account, accountFrom, askForAccount } from './account.ts';
import { NO_CHANGES, NO_TRANSFER } from './stanza-call.ts';
import { StanzaLine } from './stanza-line.ts';
import { stanzaPageTrace } from './stanza-page-trace.ts';

const NO_SIP = 'a Jingle client has no such thing of SIP';
const ONE_BY_ONE = 'stanza 12 sends each candidate by a transport-info of its own, and has no other way';
const A_BROWSER = 'the media of a browser is ICE and DTLS-SRTP alone (RFC 8827 section 6.5)';
const A_WEBSOCKET = 'a page can speak XMPP over a WebSocket alone (RFC 7395)';

/** The page as a Jingle client: stanza over a WebSocket to an XMPP server, in place of the web protocol to a server. */
export function stanzaSignaling(): PageSignaling {
  let given: Account | undefined;
  let current: Account | undefined;
  return {
    makeLine: (settings, events) =>
      new StanzaLine(settings, events, async (name, token) => {
        current = given ?? (await askForAccount(name, token));
        given = undefined;
        return current;
      }),
    makeTrace: (_transport, events) =>
      stanzaPageTrace(events, () =>
        current === undefined ? undefined : `Bearer ${current.user}:${current.password}`,
      ),
    link: () => 'XMPP over WebSocket',
    features: ['register', 'data', 'trickle', 'early-candidates', 'resume', 'transport:ws', 'media:ice-dtls'],
    lacks: {
      presence: 'an XMPP server tells it to who is in the roster of the other alone',
      relay: 'stanza asks the server for its TURN servers (XEP-0215), and no account says to use these alone',
      'full-gathering': ONE_BY_ONE,
      'change-video': NO_CHANGES,
      'far-change-video': NO_CHANGES,
      glare: 'stanza 12 offers nothing in a running session, so that no two offers can meet',
      consult: 'Jingle knows no transfer to ask for, and this page has one call at a time',
      replaces: NO_SIP,
      transfer: NO_TRANSFER,
      'far-transfer': NO_TRANSFER,
      'message-initiation':
        'stanza 12 has the name of XEP-0353 and nothing of it: a call goes to a full address',
      'far-early-media': 'Jingle has no early answer: media begins with session-accept',
      'early-media': 'Jingle has no early answer: media begins with session-accept',
      'far-dtmf': 'browsers play received telephone-events and tell a page nothing of them',
      'impair:long-digits': 'a browser counts the durations of its digits by itself (RFC 4733 section 2.5.1)',
      'make-offer': 'a session-initiate has its contents with it (XEP-0166 section 6.2)',
      'late-offer': 'a session-initiate has its contents with it (XEP-0166 section 6.2)',
      reliable: NO_SIP,
      refuse: NO_SIP,
      'transport:http': 'the page is given a WebSocket; stanza could do BOSH (XEP-0206) besides',
      'transport:udp': A_WEBSOCKET,
      'transport:tcp': A_WEBSOCKET,
      'transport:tls': A_WEBSOCKET,
      'media:rtp': A_BROWSER,
      'media:sdes': A_BROWSER,
    },
    account: {
      command: 'open-jingle',
      take(args) {
        const { transport, trickle } = args;
        if (transport !== 'ws') throw new UnsupportedError(`no XMPP over ${String(transport)} in a page`);
        if (trickle === false) throw new UnsupportedError(ONE_BY_ONE);
        given = accountFrom(args);
        return given.user;
      },
    },
  };
}
