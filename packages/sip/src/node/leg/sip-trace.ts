import type { Tap } from '@crosspoint/signaling';
import { callIdIn, summarizeMessage, withoutSecrets } from '../../message/trace-words.ts';
import type { SipAddress } from '../transport/flow.ts';
import type { SipTap } from '../transport/tap.ts';

export interface SipTraceOptions {
  /** The node of the topology that sees the messages. */
  readonly node: string;
  /** Which node sits at the other end, in this call. */
  readonly peerOf: (
    remote: SipAddress,
    transport: string,
    callId: string | undefined,
    certifiedNames: readonly string[],
  ) => string;
  /** The call in the trace that a Call-ID belongs to. */
  readonly callOf: (callId: string) => string | undefined;
  readonly tap: Tap;
  /** Milliseconds since the Unix epoch: the endpoint's own clock may count from elsewhere. */
  readonly now: () => number;
}

/** A tap for an endpoint that writes what it sees into the trace of the topology. Digest responses are struck out. */
export function sipTrace({ node, peerOf, callOf, tap, now }: SipTraceOptions): SipTap {
  const decoder = new TextDecoder();
  return ({ direction, transport, remote, certifiedNames, bytes }) => {
    const text = decoder.decode(bytes);
    // Keep-alives (RFC 5626 section 3.5.1) are no messages.
    if (text.trim() === '') return;
    const callId = callIdIn(text);
    const call = callId === undefined ? undefined : callOf(callId);
    tap({
      at: now(),
      node,
      peer: peerOf(remote, transport, callId, certifiedNames),
      direction,
      protocol: transport === 'udp' ? 'sip' : `sip/${transport}`,
      raw: withoutSecrets(text),
      summary: summarizeMessage(text),
      ...(call === undefined ? {} : { call }),
    });
  };
}
