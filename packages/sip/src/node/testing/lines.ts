import type { SipBody } from '../../agent/body.ts';
import type { IncomingCall } from '../agent/incoming-call.ts';
import { type AgentOptions, SipAgent } from '../agent/sip-agent.ts';
import type { SipFinding } from '../finding.ts';
import type { SipTransport } from '../transport/flow.ts';
import type { ListeningPoint } from '../transport/transports.ts';
import type { FakeClock } from './fake-clock.ts';
import { Stream } from './happening.ts';

/** One user agent of a test with everything that came to it. */
export interface Line {
  readonly agent: SipAgent;
  readonly point: ListeningPoint;
  readonly uri: string;
  readonly calls: Stream<IncomingCall>;
  readonly findings: SipFinding[];
  /** First lines of the messages on the wire, `> INVITE` and `< 200`. */
  readonly wire: string[];
}

export const SDP: SipBody = {
  bytes: new TextEncoder().encode('v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n'),
  type: 'application/sdp',
};
export const SDP_ANSWER: SipBody = {
  bytes: new TextEncoder().encode('v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\n'),
  type: 'application/sdp',
};

/** Opens a user agent on a free port of this machine. */
export async function openLine(
  name: string,
  clock: FakeClock,
  options: AgentOptions & { readonly transport?: SipTransport } = {},
): Promise<Line> {
  const calls = new Stream<IncomingCall>();
  const findings: SipFinding[] = [];
  const wire: string[] = [];
  const agent = new SipAgent({
    user: name,
    clock,
    onInvite: (call) => calls.push(call),
    onFinding: (finding) => findings.push(finding),
    tap: ({ direction, bytes }) => wire.push(wireWord(direction, bytes)),
    ...options,
  });
  const transport = options.transport ?? 'udp';
  const point = await agent.listen({ transport, host: '127.0.0.1', port: 0 });
  const param = transport === 'udp' ? '' : `;transport=${transport}`;
  return { agent, point, uri: `sip:${name}@127.0.0.1:${point.port}${param}`, calls, findings, wire };
}

export function wireWord(direction: 'in' | 'out', bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 400));
  const word = text.startsWith('SIP/2.0 ') ? text.slice(8, 11) : text.slice(0, text.indexOf(' '));
  return `${direction === 'in' ? '<' : '>'} ${word}`;
}

export function textOf(body: SipBody | undefined): string | undefined {
  return body === undefined ? undefined : new TextDecoder().decode(body.bytes);
}
