import type { Tap } from '@crosspoint/signaling';
import type { SipAddress } from '../transport/flow.ts';
import type { SipTap } from '../transport/tap.ts';

export interface SipTraceOptions {
  /** The node of the topology that sees the messages. */
  readonly node: string;
  /** Which node sits at the other end. */
  readonly peerOf: (remote: SipAddress, transport: string) => string;
  /** The call in the trace that a Call-ID belongs to. */
  readonly callOf: (callId: string) => string | undefined;
  readonly tap: Tap;
  /** Milliseconds since the Unix epoch: the endpoint's own clock may count from elsewhere. */
  readonly now: () => number;
}

const SECRET = /^((?:Proxy-)?Authorization\s*:.*?response\s*=\s*)"[^"]*"/gim;

/** A tap for an endpoint that writes what it sees into the trace of the topology. Digest responses are struck out. */
export function sipTrace({ node, peerOf, callOf, tap, now }: SipTraceOptions): SipTap {
  const decoder = new TextDecoder();
  return ({ direction, transport, remote, bytes }) => {
    const text = decoder.decode(bytes);
    // Keep-alives (RFC 5626 section 3.5.1) are no messages.
    if (text.trim() === '') return;
    const callId = /^(?:Call-ID|i)\s*:\s*(\S+)/im.exec(text)?.[1];
    const call = callId === undefined ? undefined : callOf(callId);
    tap({
      at: now(),
      node,
      peer: peerOf(remote, transport),
      direction,
      protocol: transport === 'udp' ? 'sip' : `sip/${transport}`,
      raw: text.replace(SECRET, '$1"(struck out)"'),
      summary: summaryOf(text),
      ...(call === undefined ? {} : { call }),
    });
  };
}

/** `INVITE`, `180 Ringing`, `200 OK (BYE)`. */
function summaryOf(text: string): string {
  const first = text.slice(0, text.indexOf('\r\n'));
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(first);
  if (response === null) return first.slice(0, first.indexOf(' ')).slice(0, 32);
  const method = /^CSeq\s*:\s*\d+\s+(\S+)/im.exec(text)?.[1];
  const of = method === undefined || method === 'INVITE' ? '' : ` (${method})`;
  return `${response[1]} ${response[2]}`.slice(0, 60) + of;
}
