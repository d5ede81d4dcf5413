import type { Endpoint, PeerEvent, Program } from '@crosspoint/peers';
import { statsSchema } from '@crosspoint/peers';
import { baresipDriver } from '@crosspoint/peers/node';
import { expect } from 'vitest';
import type { RunningApp } from './app-process.ts';

/** Long enough for the slowest timer: RTP that stays away for 15 s, a transport without consent for 30 s (RFC 7675). */
export const WAIT_MS = 45_000;

/** Packets that make "it flows": half a second. */
const ENOUGH = 25;

/** What an app says of what is going on in it. */
export type Counts = Readonly<Record<string, unknown>> & { readonly pids: Readonly<Record<string, number>> };

export async function countsOf(app: RunningApp): Promise<Counts> {
  return (await app.order({ counts: '' })) as Counts;
}

/** A baresip of its own process, registered at a sip app. */
export async function startPhone(
  app: RunningApp,
  folder: string,
  name: string,
  media: 'ice-dtls' | 'rtp',
): Promise<{ readonly program: Program; readonly endpoint: Endpoint }> {
  const program = await baresipDriver().start({ folder });
  const endpoint = await program.endpoint(name);
  const { server, domain, mediaAddress } = app.facts.phones!;
  await endpoint.ask('open-sip', {
    server,
    transport: 'udp',
    domain,
    user: name,
    password: (await app.order({ phone: name })).password as string,
    mediaAddress,
    pattern: 2,
    media,
    audioCodecs: ['PCMU'],
  });
  return { program, endpoint };
}

/** Places a call and has it answered; both sides have their transport up. */
export async function connect(caller: Endpoint, callee: Endpoint, to: string): Promise<void> {
  const [from, at] = [caller.events.length, callee.events.length];
  await caller.ask('call', { to });
  await callee.wait('the call', ({ event }) => event === 'incoming', WAIT_MS, at);
  await callee.ask('accept', {});
  await caller.wait('the answer', ({ event }) => event === 'connected', WAIT_MS, from);
  const up = (event: PeerEvent): boolean => event.event === 'transport' && event.state === 'connected';
  await caller.wait('its transport', up, WAIT_MS, from);
}

/** Waits until sound comes to each of them. */
export async function expectSound(...endpoints: readonly Endpoint[]): Promise<void> {
  for (const endpoint of endpoints) {
    await expect
      .poll(async () => statsSchema.parse(await endpoint.ask('stats', {})).audio?.received?.packets ?? 0, {
        timeout: WAIT_MS,
      })
      .toBeGreaterThan(ENOUGH);
  }
}

/** The end of the call as an endpoint is told of it from now on. */
export function endOf(endpoint: Endpoint): Promise<PeerEvent> {
  return endpoint.wait('the end', ({ event }) => event === 'ended', WAIT_MS, endpoint.events.length);
}

export async function hangUp(endpoint: Endpoint, other: Endpoint): Promise<void> {
  const over = endOf(other);
  await endpoint.ask('hang-up', {});
  expect((await over).reason?.code).toBe('normal');
}
