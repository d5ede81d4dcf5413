import type { Stage } from '../stage.ts';
import type { Scenario } from './scenario.ts';

/** Longer than the `no-answer` time that the lab gives its servers. */
const NO_ANSWER_MS = 15_000;

export const cancel: Scenario = {
  id: 'cancel',
  async play(stage) {
    await stage.open({ video: false });
    await stage.ring();
    await stage.end('caller');
  },
};

export const decline: Scenario = {
  id: 'decline',
  async play(stage) {
    await stage.open({ video: false });
    await stage.ring();
    await stage.attempt('decline', 'callee', () => stage.endpoint('callee').ask('decline', {}));
    await stage.ended();
  },
};

export const busy: Scenario = {
  id: 'busy',
  async play(stage) {
    await stage.open({ video: false });
    if (stage.bothCan('audio')) return secondCaller(stage);
    // Who has no media cannot be in a call; it can still say that it is.
    await stage.ring();
    await stage.attempt('busy', 'callee', () => stage.endpoint('callee').ask('busy', {}));
    await stage.ended();
  },
};

/** While the two talk, somebody else calls the callee. */
async function secondCaller(stage: Stage): Promise<void> {
  await stage.connect();
  const other = await stage.another('caller', 'second');
  try {
    await stage.attempt('busy', 'caller', async () => {
      await other.endpoint.ask('call', { to: stage.address(stage.players.callee.name) });
      const ended = await other.endpoint.wait(
        'end of the second call',
        (event) => event.event === 'ended',
        10_000,
      );
      stage.note('busy', 'caller', { kind: 'done', words: ended.reason?.code ?? 'none' });
    });
    await stage.listen('first-call');
  } finally {
    await other.endpoint.close();
  }
  await stage.end('caller');
}

export const noAnswer: Scenario = {
  id: 'no-answer',
  async play(stage) {
    await stage.open({ video: false });
    await stage.ring();
    await stage.ended(NO_ANSWER_MS);
  },
};

export const unknownName: Scenario = {
  id: 'unknown-name',
  async play(stage) {
    await stage.openOne(stage.players.caller, { video: false });
    stage.step = 'call';
    await stage
      .endpoint('caller')
      .ask('call', { to: stage.address(`nobody-${stage.players.caller.name}`.slice(0, 60)) });
    await stage.attempt('end', 'caller', () =>
      stage.event('caller', 'end of the call', (event) => event.event === 'ended'),
    );
  },
};
