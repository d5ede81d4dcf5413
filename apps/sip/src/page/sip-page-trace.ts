import { callIdIn, summarizeMessage, withoutSecrets } from '@crosspoint/sip';
import { OwnHopTrace, type PageTrace, type PageTraceEvents } from '@crosspoint/web-phone/browser';
import { traceCallOf } from '../trace-call.ts';

/** The ladder of a page that speaks SIP: its own hop, and what its registrar shows besides (`GET /sip-ws/trace`). */
export function sipPageTrace(events: PageTraceEvents, authorization: () => string | undefined): PageTrace {
  return new OwnHopTrace(events, {
    path: '/sip-ws/trace',
    peer: 'proxy',
    protocol: 'sip/ws',
    authorization,
    read(text) {
      const summary = summarizeMessage(text);
      const callId = /^REGISTER|\(REGISTER\)$/.test(summary) ? undefined : callIdIn(text);
      return {
        raw: withoutSecrets(text),
        summary,
        ...(callId === undefined ? {} : { call: traceCallOf(callId) }),
      };
    },
  });
}
