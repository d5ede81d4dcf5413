import type { Stage } from '../stage.ts';
import { renegotiate, soundAgain } from './exchanges.ts';
import { collide, loseSignaling } from './lost-signaling.ts';
import type { Scenario } from './scenario.ts';

export const call: Scenario = {
  id: 'call',
  async play(stage) {
    await stage.open();
    await stage.connect();
    stage.step = 'media';
    await Promise.all([stage.listen('media'), stage.bothCan('video') ? stage.watch('media') : undefined]);
    if (stage.bothCan('data')) await stage.echo('media');
    await stage.stats('media');
    if (stage.can('caller', 'hold') && stage.can('callee', 'far-hold')) await holdAndResume(stage);
    if (stage.can('caller', 'ice-restart') && stage.can('callee', 'far-ice-restart')) {
      await renegotiate(stage, 'ice-restart', 'caller', () =>
        stage.endpoint('caller').ask('restart-ice', {}),
      );
      await stage.listen('after-restart');
      await stage.stats('after-restart');
    }
    await stage.end('caller');
  },
};

async function holdAndResume(stage: Stage): Promise<void> {
  const held = (on: boolean, since: number): Promise<unknown> =>
    stage.event(
      'callee',
      on ? 'being held' : 'being resumed',
      (event) => event.event === 'held' && event.held === on,
      8000,
      since,
    );
  const before = stage.endpoint('callee').events.length;
  const on = await renegotiate(stage, 'hold', 'caller', () =>
    stage.endpoint('caller').ask('hold', { on: true }),
  );
  if (on) await stage.attempt('hold', 'callee', () => held(true, before));
  // What was decoded before the hold is still being played out for a moment.
  await stage.listen('draining', 'once');
  await stage.listen('on-hold', 'once');
  await soundAgain(stage, 'unhold', 'caller');
  await stage.attempt('unhold', 'callee', () => held(false, before));
  await stage.listen('after-hold');
}

export const audioCall: Scenario = {
  id: 'audio-call',
  async play(stage) {
    await stage.open({ video: false });
    await stage.connect();
    await stage.listen('media');
    const video =
      stage.bothCan('video') &&
      stage.can('caller', 'change-video') &&
      stage.can('callee', 'far-change-video');
    if (video) {
      await renegotiate(stage, 'add-video', 'caller', () => stage.endpoint('caller').ask('add-video', {}));
      await Promise.all([stage.watch('video-added', ['callee']), stage.listen('video-added')]);
      await renegotiate(stage, 'remove-video', 'caller', () =>
        stage.endpoint('caller').ask('remove-video', {}),
      );
      await stage.watch('draining', ['callee'], 300);
      await Promise.all([stage.watch('video-removed', ['callee'], 700), stage.listen('video-removed')]);
    }
    if (stage.can('caller', 'resume') && stage.can('callee', 'hold')) await loseSignaling(stage);
    if (stage.can('caller', 'resume', 'hold', 'glare') && stage.can('callee', 'hold', 'glare'))
      await collide(stage);
    await stage.end('callee');
  },
};
