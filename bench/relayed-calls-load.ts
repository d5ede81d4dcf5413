import { DelayCount } from './delay-count.ts';
import { HeldCall } from './held-call.ts';
import type { CallEnds, RelayEnds } from './measured-relay.ts';

// The ends of the calls that are held, in a process of their own.

const PACE_MS = 20;
/** How often it is looked whose turn it is. */
const TICK_MS = 4;
/** What has not come so long after the last packet that did is lost. */
const LOST_MS = 1000;

export interface HeldResult {
  readonly sent: number;
  readonly received: number;
  /** In milliseconds: so long took no more than half of the packets, all but one of a hundred, all. */
  readonly median: number;
  readonly late: number;
  readonly latest: number;
}

interface Order {
  /** Another call. */
  readonly open?: true;
  /** The call that was opened last is connected. */
  readonly connect?: RelayEnds;
  /** Seconds for which all calls send. */
  readonly hold?: number;
}

const calls: { readonly call: HeldCall; next: number }[] = [];
const delays = new DelayCount();
let received = 0;

async function open(): Promise<CallEnds> {
  const { call, ends } = await HeldCall.open((ms) => {
    received++;
    delays.add(ms);
  });
  calls.push({ call, next: 0 });
  return ends;
}

/** All calls send at their own time of the 20 ms, as calls do that were not begun together. */
async function hold(seconds: number): Promise<HeldResult> {
  let sent = 0;
  received = 0;
  delays.clear();
  const begin = performance.now();
  const end = begin + 1000 * seconds;
  calls.forEach((each, at) => {
    each.next = begin + (PACE_MS * at) / calls.length;
  });
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = Math.min(performance.now(), end);
      for (const each of calls) {
        for (; each.next < now; each.next += PACE_MS) {
          each.call.send();
          sent += 2;
        }
      }
      if (now < end) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  for (let seen = -1; received < sent && received !== seen; ) {
    seen = received;
    await new Promise((resolve) => setTimeout(resolve, LOST_MS));
  }
  return { sent, received, ...delays.read() };
}

process.on('message', ({ open: another, connect, hold: seconds }: Order) => {
  const reply = (message: object): void => void process.send!(message);
  if (another === true) void open().then(reply);
  else if (connect !== undefined)
    void calls
      .at(-1)!
      .call.connect(connect)
      .then(() => reply({ connected: true }));
  else if (seconds !== undefined) void hold(seconds).then(reply);
});
process.on('disconnect', () => process.exit());
process.send!({ ready: true });
