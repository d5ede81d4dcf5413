import { REFUSALS } from '../../checks/phone-end-checks.ts';
import { SIDES } from '../../evidence.ts';
import type { Scenario } from './scenario.ts';

/** The phone refuses one call after another, each with another status. */
export const refusals: Scenario = {
  id: 'refusals',
  async play(stage) {
    await stage.open({ video: false });
    for (const [status] of REFUSALS) {
      const step = `refuse-${status}`;
      const since = stage.endpoint('caller').events.length;
      await stage.ring();
      stage.step = step;
      await stage.endpoint('callee').ask('refuse', { status });
      const ended = await stage.event('caller', 'refusal', ({ event }) => event === 'ended', 10_000, since);
      stage.note(step, 'caller', { kind: 'done', words: ended.reason?.code ?? 'none' });
    }
  },
};

/** The phone's name is known to the registrar; the phone is off. */
export const notRegistered: Scenario = {
  id: 'not-registered',
  async play(stage) {
    await stage.openOne(stage.players.caller, { video: false });
    const { name } = stage.players.callee;
    await stage.expectPhone(name);
    stage.step = 'call';
    await stage.endpoint('caller').ask('call', { to: stage.address(name) });
    await stage.attempt('end', 'caller', () =>
      stage.event('caller', 'end of the call', ({ event }) => event === 'ended'),
    );
  },
};

export const forking: Scenario = {
  id: 'forking',
  async play(stage) {
    await stage.open({ video: false });
    const { name } = stage.players.callee;
    const other = await stage.another('callee', 'other', { name });
    try {
      await stage.ring();
      await stage.attempt('fork', 'callee', async () => {
        await other.endpoint.wait('its ringing', ({ event }) => event === 'incoming', 8000);
      });
      await stage.accept();
      await stage.attempt('fork', 'callee', async () => {
        const ended = await other.endpoint.wait(
          'the end of its ringing',
          ({ event }) => event === 'ended',
          8000,
        );
        stage.note('fork', 'callee', { kind: 'done', words: ended.reason?.code ?? 'none' });
      });
      await stage.listen('media');
    } finally {
      await other.endpoint.close();
    }
    await stage.end('caller');
  },
};

export const cancelRace: Scenario = {
  id: 'cancel-race',
  async play(stage) {
    await stage.open({ video: false });
    await stage.ring();
    stage.step = 'end';
    await Promise.all(
      SIDES.map((side) =>
        stage.attempt('race', side, () =>
          side === 'caller'
            ? stage.endpoint(side).ask('hang-up', {})
            : stage.endpoint(side).ask('accept', {}),
        ),
      ),
    );
    await stage.ended();
  },
};
