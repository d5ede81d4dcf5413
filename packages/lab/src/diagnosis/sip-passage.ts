import type { TraceEntry } from '@crosspoint/signaling';
import { parseMessage, type SipMessage, SipSyntaxError } from '@crosspoint/sip';
import { sipMessages } from '../checks/sip-messages.ts';
import type { Evidence } from '../evidence.ts';

/** One message of SIP at the proxy: as it came, and as it went on. */
export interface SipPassage {
  readonly came: TraceEntry;
  readonly message: SipMessage;
  /** Undefined: it did not go on. A forked request goes on more than once: the first. */
  readonly wentOn: { readonly entry: TraceEntry; readonly message: SipMessage } | undefined;
  /** Whether the proxy gave a final response to it itself, or passed one on. */
  readonly wasAnswered: boolean;
}

interface Seen {
  readonly entry: TraceEntry;
  readonly message: SipMessage;
  readonly kind: string;
}

/** The messages of SIP that a node saw, those of registrations left out. */
export function sipSeenBy(evidence: Evidence, node: string): Seen[] {
  return sipMessages(evidence).flatMap(({ entry, request }): Seen[] => {
    if (entry.node !== node || request.endsWith(' REGISTER')) return [];
    const message = readable(entry.raw);
    if (message === undefined) return [];
    const what = message.kind === 'request' ? message.method : String(message.status);
    return [{ entry, message, kind: `${request} ${what}` }];
  });
}

/** What became of each message at the proxy between the server and the phones. */
export function sipPassages(evidence: Evidence): SipPassage[] {
  const seen = sipSeenBy(evidence, 'proxy');
  return seen.flatMap(({ entry, message, kind }, at): SipPassage[] => {
    if (entry.direction !== 'in') return [];
    const later = seen.slice(at + 1).filter((each) => each.entry.direction === 'out');
    const { callId, cseq } = message;
    return [
      {
        came: entry,
        message,
        wentOn: later.find((each) => each.kind === kind),
        wasAnswered: later.some(
          (each) =>
            each.message.kind === 'response' &&
            each.message.status >= 200 &&
            each.message.callId === callId &&
            each.message.cseq.number === cseq.number &&
            each.message.cseq.method === cseq.method,
        ),
      },
    ];
  });
}

function readable(raw: string): SipMessage | undefined {
  try {
    return parseMessage(new TextEncoder().encode(raw));
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}
