import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Person } from './person.ts';
import { type BrowserName, startBrowser } from './real-browser.ts';
import { buildTrianglePage, startTriangleApp } from './triangle-app.ts';

let app: { url: string; stop(): Promise<void> } | undefined;

beforeAll(async () => {
  await buildTrianglePage();
  app = await startTriangleApp();
});
afterAll(async () => {
  await app?.stop();
});

describe.each<BrowserName>(['Chromium', 'Firefox'])('The triangle page in %s', (name) => {
  let browser: Browser | undefined;
  const here: Person[] = [];
  // A name stays with who took it first: each test has its own.
  let test = 0;

  beforeAll(async () => {
    browser = await startBrowser(name);
  });
  afterEach(async () => {
    test++;
    const errors = here.flatMap((person) => person.errors.map((error) => `${person.name}: ${error}`));
    await Promise.all(here.splice(0).map((person) => person.page.close()));
    expect(errors).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function open(who: string, query = ''): Promise<Person> {
    const person = await Person.open(browser!, `${app!.url}${query}`, `${who}-${name.toLowerCase()}-${test}`);
    here.push(person);
    return person;
  }

  async function joined(who: string, query = '', testSignal = false): Promise<Person> {
    const person = await open(who, query);
    await person.join(testSignal);
    return person;
  }

  async function connected(
    caller: Person,
    callee: Person,
    kind: 'audio' | 'video' = 'video',
    answer = 'Accept with video',
  ): Promise<void> {
    await caller.click(`Call ${callee.name} with ${kind}`);
    await callee.see(`${caller.name} is calling`);
    await callee.click(answer);
    await caller.seeStatus('Encrypted end to end (DTLS-SRTP), directly');
    await callee.seeStatus('Encrypted end to end (DTLS-SRTP), directly');
  }

  it('carries a call with pictures and chat, and says what it does', async () => {
    const alice = await joined('alice');
    const bob = await joined('bob');
    await alice.seeStatus('Ready');
    await alice.click(`Call ${bob.name} with video`);
    await alice.seeStatus(`Ringing ${bob.name}`);
    await bob.see('With picture and sound.');
    await bob.click('Accept with video');
    await alice.seeStatus(`Connected with ${bob.name}`);
    await alice.seesMovingPicture();
    await bob.seesMovingPicture();
    await bob.figureSays('sound and picture arrive');
    await bob.figureSays('only the two browsers');

    await alice.click('Chat');
    await alice.type('Message', 'Can you read this?', 'Enter');
    await bob.click('Chat, 1 unread');
    await bob.see('Can you read this?');
    await bob.type('Message', 'Every word.', 'Enter');
    await alice.see('Every word.');

    await bob.click('Hang up');
    await alice.seeStatus(`Call with ${bob.name} ended: hung up`);
    await bob.seeStatus(`Call with ${alice.name} ended: hung up`);
  });

  it('draws the messages as they pass, and opens one', async () => {
    const alice = await joined('alice');
    const bob = await joined('bob');
    await connected(alice, bob);
    await alice.page.bringToFront();
    await alice.until(() => {
      const rows = [...(document.querySelector('cp-ladder')?.shadowRoot?.querySelectorAll('.row') ?? [])];
      return rows.some((row) => row.textContent?.includes('accept') === true);
    });
    await alice.page.evaluate(() => {
      const rows = [
        ...document.querySelector('cp-ladder')!.shadowRoot!.querySelectorAll<HTMLElement>('.row'),
      ];
      rows.find((row) => row.textContent!.includes('accept'))!.click();
    });
    await alice.until(() => {
      const message = document.querySelector('cp-ladder')?.shadowRoot?.querySelector('cp-message');
      return message?.shadowRoot?.querySelector('cp-sdp-view') != null;
    });
  });

  it('mutes, holds and resumes', async () => {
    const alice = await joined('alice');
    const bob = await joined('bob');
    await connected(alice, bob);
    await bob.figureSays('sound and picture arrive');

    await alice.click('Mute');
    await alice.pressed('Mute', true);
    await bob.page.bringToFront();
    await bob.figureSays(': running; picture arrives');
    await alice.click('Mute');
    await alice.pressed('Mute', false);
    await bob.page.bringToFront();
    await bob.figureSays('sound and picture arrive');

    await alice.click('Hold');
    await alice.seeStatus(`${bob.name} is on hold`);
    await bob.seeStatus(`On hold by ${alice.name}`);
    await bob.page.bringToFront();
    await bob.figureSays('not running; on hold');
    await alice.click('Hold');
    await bob.seeStatus(`Connected with ${alice.name}`);
    await bob.seesMovingPicture();
    await alice.seesMovingPicture();
    await alice.figureSays('sound and picture arrive');
  });

  it('adds a camera to a call of sound only, and takes it out without the other picture', async () => {
    const alice = await joined('alice');
    const bob = await joined('bob');
    await connected(alice, bob, 'audio', 'Accept');
    await alice.seesNoPicture();

    await alice.click('Camera');
    await bob.seesMovingPicture();
    await bob.click('Camera');
    await alice.seesMovingPicture();
    await alice.click('Camera');
    await alice.pressed('Camera', false);
    await bob.seesNoPicture();
    await alice.seesMovingPicture();
    await alice.click('Camera');
    await bob.seesMovingPicture();
  });

  it('takes the picture that is accepted to a call of sound only', async () => {
    const alice = await joined('alice', '?media=test');
    const bob = await joined('bob', '?media=test');
    await connected(alice, bob, 'audio', 'Accept with video');
    await alice.seesMovingPicture();
    await alice.figureSays('sound and picture arrive');
  });

  // Chromium has a fake screen; headless Firefox has none, and its getDisplayMedia says NotFoundError.
  if (name === 'Chromium')
    it('shares the screen and goes back to the camera', async () => {
      const alice = await joined('alice');
      const bob = await joined('bob');
      await connected(alice, bob);
      await bob.seesMovingPicture();
      const camera = await bob.page.evaluate(
        () => document.querySelector<HTMLVideoElement>('#remote')!.videoWidth,
      );
      await alice.click('Share screen');
      await alice.pressed('Share screen', true);
      await bob.until(
        (before) => document.querySelector<HTMLVideoElement>('#remote')!.videoWidth !== before,
        camera,
      );
      await alice.click('Share screen');
      await alice.pressed('Share screen', false);
      await bob.seesMovingPicture();
      await alice.pressed('Camera', true);
    });
  else
    it('says that there is no screen to share, and goes on', async () => {
      const alice = await joined('alice');
      const bob = await joined('bob');
      await connected(alice, bob);
      await alice.click('Share screen');
      await alice.see('no screen or window to share');
      await alice.pressed('Share screen', false);
      await bob.seesMovingPicture();
    });

  it('declines, cancels, and hears busy', async () => {
    const alice = await joined('alice');
    const bob = await joined('bob');
    const carol = await joined('carol');
    await alice.click(`Call ${bob.name} with audio`);
    await bob.click('Decline');
    await alice.seeStatus(`Call with ${bob.name} ended: declined`);

    await alice.click(`Call ${bob.name} with audio`);
    await bob.see(`${alice.name} is calling`);
    await alice.click('Cancel');
    await bob.seeStatus(`Call with ${alice.name} ended: cancelled by the caller`);

    await connected(alice, bob, 'audio', 'Accept');
    await carol.see('in a call');
    await carol.click(`Call ${bob.name} with audio`);
    await carol.seeStatus(`Call with ${bob.name} ended: busy`);
    await alice.seeStatus(`Connected with ${bob.name}`);
  });

  it('signals over HTTP, with whole descriptions', async () => {
    const alice = await joined('alice', '?transport=http&trickle=0&media=test');
    const bob = await joined('bob', '?transport=http&trickle=0&media=test');
    await connected(alice, bob);
    await alice.seesMovingPicture();
    await bob.click('Hang up');
    await alice.seeStatus('ended: hung up');
  });

  it('ends the call at a reload, and takes its name back', async () => {
    const alice = await joined('alice', '?media=test');
    const bob = await joined('bob', '?media=test');
    await connected(alice, bob);
    await bob.page.reload();
    await alice.seeStatus('ended: hung up');
    await bob.see('Leave');
    await connected(alice, bob);
  });

  it('refuses a name that is taken, in words', async () => {
    const alice = await joined('alice');
    const other = await open('alice');
    await other.type('Your name', other.name);
    await other.click('Join');
    await other.see(`${alice.name} belongs to someone else`);
    await other.type('Your name', `${other.name}-b`);
    await other.click('Join');
    await other.see('Leave');
  });

  it('rings and answers by keyboard alone', async () => {
    const alice = await joined('alice', '?media=test');
    const bob = await joined('bob', '?media=test');
    await alice.click(`Call ${bob.name} with audio`);
    await bob.page.bringToFront();
    await bob.see(`${alice.name} is calling`);
    await bob.until(() => document.activeElement?.getAttribute('role') === 'alertdialog');
    await bob.page.keyboard.press('Tab');
    await bob.page.keyboard.press('Enter');
    await alice.seeStatus(`Connected with ${bob.name}`);
  });

  it('leaves nothing for axe to find', async () => {
    const alice = await open('alice', '?media=test');
    const bob = await joined('bob', '?media=test');
    const faults = await alice.accessibilityFaults('before joining');
    await alice.join();
    faults.push(...(await alice.accessibilityFaults('joined')));
    await bob.click(`Call ${alice.name} with video`);
    await alice.see(`${bob.name} is calling`);
    faults.push(...(await alice.accessibilityFaults('incoming')));
    faults.push(...(await bob.accessibilityFaults('outgoing')));
    await alice.click('Accept with video');
    await alice.seesMovingPicture();
    await alice.click('Chat');
    await alice.type('Message', 'hello', 'Enter');
    await alice.click('Mute');
    faults.push(...(await alice.accessibilityFaults('in a call')));
    await alice.click('Hang up');
    await alice.seeStatus('ended');
    faults.push(...(await alice.accessibilityFaults('ended')));
    expect(faults).toEqual([]);
  });
});
