import { PeerError } from '@crosspoint/peers';
import { strangerInvites } from '@crosspoint/peers/node';
import { DIGIT_MS, DIGITS } from '../../checks/received-digits.ts';
import { otherSide, SIDES, type Side } from '../../evidence.ts';
import type { Player } from '../player.ts';
import type { Stage } from '../stage.ts';
import type { Scenario } from './scenario.ts';

/** Shorter than the `no-answer` time that the lab gives its servers. */
const EARLY_MS = 4000;

export const registration: Scenario = {
  id: 'registration',
  async play(stage) {
    const side = stage.phoneSide;
    const phone = stage.players[side];
    await stage.attempt('wrong-password', side, async () => {
      // The name is known, and its password is another one.
      await stage.expectPhone(phone.name);
      try {
        await stage.openOne(phone, { password: 'not-the-password' });
      } catch (error) {
        if (!(error instanceof PeerError) || error.code === 'died') throw error;
        const refused = phone.endpoint.events.findLast(({ event }) => event === 'not-registered');
        const { status } = (refused ?? {}) as { status?: unknown };
        stage.note('wrong-password', side, { kind: 'done', words: String(status ?? error.message) });
        return;
      }
      stage.note('wrong-password', side, { kind: 'missed', words: 'a wrong password registered it' });
    });
    await stage.attempt('right-password', side, async () => {
      await stage.openOne(phone);
      stage.note('right-password', side, { kind: 'done', words: 'registered' });
    });
  },
};

/** Somebody whom nobody knows calls a phone through the registrar. */
export const stranger: Scenario = {
  id: 'stranger',
  async play(stage) {
    stage.step = 'stranger';
    const { server, domain } = stage.registrar;
    const status = await strangerInvites(server, `sip:${stage.players.callee.name}@${domain}`);
    const words = `registrar ${status ?? 'said nothing'}`;
    stage.note('stranger', stage.phoneSide, { kind: 'done', words });
  },
};

export const earlyMedia: Scenario = {
  id: 'early-media',
  async play(stage) {
    await stage.open({ video: false, earlyMedia: true });
    await stage.ring();
    await stage.listen('early', 'heard', ['caller'], EARLY_MS);
    await stage.accept();
    await stage.listen('media');
    await stage.end('caller');
  },
};

export const lateOffer: Scenario = {
  id: 'late-offer',
  async play(stage) {
    await stage.open({ video: false });
    await stage.ring({ offer: 'late' });
    await stage.attempt('late-offer', 'caller', async () => {
      const bare = stage.trace
        .look()
        .some(
          ({ protocol, summary, raw }) =>
            protocol.startsWith('sip') && summary === 'INVITE' && !/^Content-Type\s*:/im.test(raw),
        );
      if (bare) stage.note('late-offer', 'caller', { kind: 'done', words: 'an INVITE without an offer' });
    });
    await stage.accept();
    await stage.listen('media');
    await stage.end('caller');
  },
};

export const digits: Scenario = {
  id: 'digits',
  async play(stage) {
    await stage.open({ video: false });
    await stage.connect();
    await stage.listen('media');
    for (const side of SIDES) {
      const other = otherSide(side);
      if (!stage.can(side, 'dtmf') || !stage.can(other, 'far-dtmf')) continue;
      await stage.attempt('dtmf', side, async () => {
        const endpoint = stage.endpoint(other);
        const got = (): number => endpoint.events.filter(({ event }) => event === 'dtmf').length;
        await stage.endpoint(side).ask('dtmf', { digits: DIGITS, durationMs: DIGIT_MS });
        await stage.event(other, 'the last digit', () => got() >= DIGITS.length, 4000);
      });
    }
    await stage.attempt('refresh', stage.phoneSide, async () => {
      const { accepted, status, method } = await stage.askApp('refresh');
      const words = `${method} was answered ${status}`;
      stage.note('refresh', stage.phoneSide, { kind: accepted === true ? 'done' : 'missed', words });
    });
    await stage.listen('after-refresh');
    await stage.end('callee');
  },
};

/** One side sends the other on to a third, another phone of the same make. */
async function sendOn(stage: Stage, sender: Side): Promise<void> {
  await stage.open({ video: false });
  await stage.connect();
  await stage.listen('media');
  const sentOn = stage.players[otherSide(sender)];
  const pattern = (stage.players[sender].pattern + 15) % 32;
  const third = await stage.another(stage.phoneSide, 'third', { pattern });
  try {
    await stage.attempt('transfer', sender, async () => {
      await stage.endpoint(sender).ask('transfer', { to: third.name });
      await third.endpoint.wait('the transferred call', ({ event }) => event === 'incoming', 10_000);
      await third.endpoint.ask('accept', {});
      await stage.event(sender, 'end of its call', ({ event }) => event === 'ended');
    });
    await hearEachOther(stage, sentOn, third);
  } finally {
    await third.endpoint.close();
  }
}

/** One side holds the other, asks a third, and connects both. */
async function connectBoth(stage: Stage, sender: Side): Promise<void> {
  await stage.open({ video: false });
  await stage.connect();
  await stage.listen('media');
  const held = stage.players[otherSide(sender)];
  const pattern = (stage.players[sender].pattern + 15) % 32;
  const third = await stage.another(stage.phoneSide, 'third', { pattern });
  const { events } = stage.endpoint(sender);
  try {
    const asked = await stage.attempt('consult', sender, async () => {
      const since = events.length;
      await stage.endpoint(sender).ask('consult', { to: third.name });
      await third.endpoint.wait('the call that asks', ({ event }) => event === 'incoming', 10_000);
      await third.endpoint.ask('accept', {});
      await stage.event(sender, 'answer of the third', ({ event }) => event === 'connected', 10_000, since);
      await stage.listenBetween('consulted', sender, third, stage.players[sender]);
    });
    if (!asked) return;
    await stage.attempt('transfer', sender, async () => {
      const ended = (): number =>
        stage.endpoint(sender).events.filter(({ event }) => event === 'ended').length;
      await stage.endpoint(sender).ask('connect-both', {});
      await stage.event(sender, 'end of both its calls', () => ended() >= 2);
    });
    await hearEachOther(stage, held, third);
  } finally {
    await third.endpoint.close();
  }
}

export const transferAttended: Scenario = {
  id: 'transfer-attended',
  play: (stage) => connectBoth(stage, otherSide(stage.phoneSide)),
};

export const transferAttendedByPhone: Scenario = {
  id: 'transfer-attended-by-phone',
  play: (stage) => connectBoth(stage, stage.phoneSide),
};

export const transferByWeb: Scenario = {
  id: 'transfer-by-web',
  play: (stage) => sendOn(stage, otherSide(stage.phoneSide)),
};

export const transferByPhone: Scenario = {
  id: 'transfer-by-phone',
  play: (stage) => sendOn(stage, stage.phoneSide),
};

async function hearEachOther(stage: Stage, sentOn: Player, third: Player): Promise<void> {
  await Promise.all([
    stage.listenBetween('transferred', sentOn.side, sentOn, third),
    stage.listenBetween('third', sentOn.side, third, sentOn),
  ]);
}
