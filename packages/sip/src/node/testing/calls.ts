import { afterEach } from 'vitest';
import type { SipBody } from '../../agent/body.ts';
import type { CallHandlers } from '../agent/call-events.ts';
import type { IncomingCall } from '../agent/incoming-call.ts';
import type { InviteOptions, OutgoingCall } from '../agent/outgoing-call.ts';
import type { AgentOptions } from '../agent/sip-agent.ts';
import { FakeClock } from './fake-clock.ts';
import { happening } from './happening.ts';
import { type Line, openLine, SDP, SDP_ANSWER } from './lines.ts';

const open: Line[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ agent }) => agent.close()));
});

export async function lines(
  clock: FakeClock,
  options: AgentOptions = {},
  ...names: string[]
): Promise<Line[]> {
  const opened = await Promise.all(names.map((name) => openLine(name, clock, options)));
  open.push(...opened);
  return opened;
}

export interface Pair {
  readonly clock: FakeClock;
  readonly alice: Line;
  readonly bob: Line;
}

export async function pair(options: AgentOptions = {}): Promise<Pair> {
  const clock = new FakeClock();
  const [alice, bob] = await lines(clock, options, 'alice', 'bob');
  return { clock, alice: alice!, bob: bob! };
}

export function sdp(text: string): SipBody {
  return { bytes: new TextEncoder().encode(`v=0\r\ns=${text}\r\n`), type: 'application/sdp' };
}

export async function up(
  { alice, bob }: Pair,
  own: CallHandlers = {},
  theirs: CallHandlers = {},
  options: Partial<InviteOptions> = {},
): Promise<{ call: OutgoingCall; incoming: IncomingCall }> {
  const accepted = happening();
  const call = alice.agent.invite({
    to: bob.uri,
    from: alice.uri,
    body: SDP,
    ...options,
    handlers: { ...own, accepted: () => accepted.happen() },
  });
  const incoming = await bob.calls.next();
  const acknowledged = happening();
  incoming.handle({ ...theirs, acknowledged: () => acknowledged.happen() });
  incoming.accept(SDP_ANSWER);
  await accepted.promise;
  await acknowledged.promise;
  incoming.handle(theirs);
  return { call, incoming };
}
