import { OwnHopTrace, type PageTrace, type PageTraceEvents } from '@crosspoint/web-phone/browser';
import { stanzaReader } from './stanza-words.ts';

/** The ladder of a page that speaks XMPP: its own hop, and what its server shows besides (`GET /stanza/trace`). */
export function stanzaPageTrace(events: PageTraceEvents, authorization: () => string | undefined): PageTrace {
  return new OwnHopTrace(events, {
    path: '/stanza/trace',
    peer: 'xmpp',
    protocol: 'xmpp/ws',
    authorization,
    read: stanzaReader(),
  });
}
