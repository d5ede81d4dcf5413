import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type CallTimers, joinCall } from '@crosspoint/gateway';
import {
  type IncomingCall,
  IncomingSipLeg,
  OutgoingSipLeg,
  SipAgent,
  SipProxy,
  systemClock,
} from '@crosspoint/sip/node';

// One contestant of the SIP benchmark, in a process of its own, between SIPp as caller and SIPp as callee: `proxy` (the
// embedded proxy, which knows where `service` is) or `gateway` (two SIP legs, joined in the hub as any other two are).
// Arguments: which, the transport, the callee's address, and T1 in milliseconds where it is not the standard's.

/** What the server says of itself when it is asked. */
export interface ServerState {
  /** Of this process, in seconds. */
  readonly cpu: number;
  /** In use after garbage was collected, in bytes. */
  readonly heap: number;
  /** Transactions, dialogs and joined calls that there are still. */
  readonly held: number;
  /** Codes of what it found wrong. */
  readonly findings: readonly string[];
}

const [mode, transport, callee, t1] = process.argv.slice(2);
const target = `sip:service@${callee};transport=${transport}`;
const timers = t1 === undefined ? {} : { timers: { t1: Number(t1), t2: 4 * Number(t1), t4: 4 * Number(t1) } };
const found = new Set<string>();
const onFinding = ({ code }: { readonly code: string }): unknown => found.add(code);
const processTimers: CallTimers = {
  start: (ms, run) => setTimeout(run, ms),
  stop: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function openProxy(): { readonly listen: SipProxy['listen']; readonly held: () => number } {
  const proxy = new SipProxy({
    domains: [],
    route: ({ user }) => (user === 'service' ? target : undefined),
    onFinding,
    ...timers,
  });
  return {
    listen: (options) => proxy.listen(options),
    held: () => proxy.counts.client + proxy.counts.server,
  };
}

function openGateway(): { readonly listen: SipAgent['listen']; readonly held: () => number } {
  let joined = 0;
  const join = (call: IncomingCall): void => {
    joined += 1;
    const clock = systemClock;
    const random = Math.random;
    const from = new IncomingSipLeg(call, { clock, random });
    const to = new OutgoingSipLeg({
      agent,
      clock,
      random,
      to: target,
      from: 'sip:gateway@127.0.0.1',
    });
    const running = joinCall({
      caller: from,
      callee: to,
      timers: processTimers,
      onOver: () => {
        joined -= 1;
      },
      onFinding,
    });
    from.whenLost(() => running.lost('caller'));
    to.whenLost(() => running.lost('callee'));
  };
  const agent: SipAgent = new SipAgent({ user: 'gateway', onInvite: join, onFinding, ...timers });
  return {
    listen: (options) => agent.listen(options),
    held: () => joined + agent.counts.client + agent.counts.server + agent.counts.dialogs,
  };
}

const { listen, held } = mode === 'proxy' ? openProxy() : openGateway();
const { port } = await listen({ transport: transport === 'tcp' ? 'tcp' : 'udp', host: '127.0.0.1', port: 0 });
process.on('message', ({ collect }: { readonly collect: boolean }) => {
  if (collect) collectGarbage();
  const { user, system } = process.cpuUsage();
  const state: ServerState = {
    cpu: (user + system) / 1e6,
    heap: process.memoryUsage().heapUsed,
    held: held(),
    findings: [...found],
  };
  process.send!(state);
});
// Nobody would stop this process once its parent is gone.
process.on('disconnect', () => process.exit());
process.send!({ port });
