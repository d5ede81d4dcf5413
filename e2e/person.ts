import axe from 'axe-core';
import type { Browser, ElementHandle, Page } from 'puppeteer-core';

const WAIT_MS = 30_000;

/** A person at a page: finds what they use by its word, clicks and types. */
export class Person {
  readonly page: Page;
  readonly name: string;
  readonly errors: string[] = [];

  private constructor(page: Page, name: string) {
    this.page = page;
    this.name = name;
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  static async open(browser: Browser, address: string, name: string): Promise<Person> {
    const page = await browser.newPage();
    const person = new Person(page, name);
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(address);
    return person;
  }

  async join(testSignal = false): Promise<void> {
    await this.type('Your name', this.name);
    if (testSignal) await (await this.#find('input[name="test"]')).click();
    await this.click('Join');
    await this.see('Leave');
  }

  /** The button of this name, as a person who listens to the page would hear it. */
  async button(name: string): Promise<ElementHandle<HTMLButtonElement>> {
    await this.until(
      (wanted) =>
        [...document.querySelectorAll('button')].some(
          (each) =>
            (each.getAttribute('aria-label') ?? each.textContent ?? '').trim() === wanted &&
            !each.disabled &&
            each.checkVisibility(),
        ),
      name,
    );
    const found = await this.page.evaluateHandle(
      (wanted) =>
        [...document.querySelectorAll('button')].find(
          (each) => (each.getAttribute('aria-label') ?? each.textContent ?? '').trim() === wanted,
        )!,
      name,
    );
    return found as ElementHandle<HTMLButtonElement>;
  }

  async click(name: string): Promise<void> {
    // A tab behind another is not laid out, and nobody clicks into it.
    await this.page.bringToFront();
    await (await this.button(name)).click();
  }

  async pressed(name: string, is: boolean): Promise<void> {
    const button = await this.button(name);
    await this.until(
      (element, wanted) => element.getAttribute('aria-pressed') === String(wanted),
      button,
      is,
    );
  }

  /** Clears the field of this label and types into it. */
  async type(label: string, text: string, key?: 'Enter'): Promise<void> {
    await this.page.bringToFront();
    const field = await this.#find(
      label === 'Your name' ? 'input[name="name"]' : `input[aria-label="${label}"]`,
    );
    await field.click({ count: 3 });
    await field.type(text);
    if (key !== undefined) await this.page.keyboard.press(key);
  }

  async #find(selector: string): Promise<ElementHandle<Element>> {
    await this.until((wanted) => document.querySelector(wanted) !== null, selector);
    return (await this.page.$(selector))!;
  }

  /** Waits until the page shows these words, all in one place. */
  async see(words: string): Promise<void> {
    await this.until((wanted) => {
      const holds = (element: Element): boolean => element.textContent?.includes(wanted) === true;
      return [...document.body.querySelectorAll('*')].some(
        (each) => holds(each) && ![...each.children].some(holds) && each.checkVisibility(),
      );
    }, words);
  }

  async seeStatus(words: string): Promise<void> {
    await this.until(
      (wanted) => document.querySelector('[role="status"]')?.textContent?.includes(wanted) === true,
      words,
    );
  }

  /** Waits until this holds in the page. Says what the page shows where it never does. */
  async until<A extends unknown[]>(
    holds: (...args: A) => boolean,
    ...args: { [K in keyof A]: A[K] | ElementHandle<A[K] & Node> }
  ): Promise<void> {
    try {
      // Polled by time: a tab behind another draws no frames.
      await this.page.waitForFunction(
        holds as never,
        { polling: 100, timeout: WAIT_MS },
        ...(args as never[]),
      );
    } catch (cause) {
      const shown = await this.page.evaluate(() => document.body.textContent?.replace(/\s+/g, ' '));
      throw new Error(`${this.name} waited in vain for ${JSON.stringify(args)} (${holds}); sees:\n${shown}`, {
        cause,
      });
    }
  }

  /** Waits until the far side's picture is there and goes on. */
  async seesMovingPicture(): Promise<void> {
    await this.page.bringToFront();
    await this.until(() => (document.querySelector<HTMLVideoElement>('#remote')?.videoWidth ?? 0) > 0);
    const before = await this.page.evaluate(
      () => document.querySelector<HTMLVideoElement>('#remote')!.currentTime,
    );
    await this.until(
      (earlier) => document.querySelector<HTMLVideoElement>('#remote')!.currentTime > earlier + 0.2,
      before,
    );
  }

  async seesNoPicture(): Promise<void> {
    await this.until(() => {
      const stream = document.querySelector<HTMLVideoElement>('#remote')?.srcObject;
      return !(stream instanceof MediaStream) || stream.getVideoTracks().length === 0;
    });
  }

  /** Waits until the figure says what of the far side is decoded here. */
  async figureSays(words: string): Promise<void> {
    await this.until(
      (wanted) =>
        document
          .querySelector('cp-topology-map')
          ?.shadowRoot?.querySelector('.media')
          ?.getAttribute('aria-label')
          ?.includes(wanted) === true,
      words,
    );
  }

  /** What axe finds in the page as it is now, in light and dark, wide and narrow: nothing, if all is well. */
  async accessibilityFaults(state: string): Promise<string[]> {
    await this.page.bringToFront();
    const faults: string[] = [];
    for (const scheme of ['light', 'dark']) {
      // Firefox takes no emulated colour scheme over WebDriver BiDi; it is looked at in the one it has.
      const emulated = await this.page
        .emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
        .then(
          () => true,
          () => false,
        );
      if (!emulated && scheme === 'dark') continue;
      for (const width of [1280, 390]) {
        await this.page.setViewport({ width, height: 900 });
        // A message that runs along its edge fades at the end, and axe would judge the fading.
        await this.until(
          () =>
            (document.querySelector('cp-topology-map')?.shadowRoot?.querySelector('.pulses')
              ?.childElementCount ?? 0) === 0,
        );
        for (const fault of await this.#axe()) faults.push(`${state}, ${scheme}, ${width} px: ${fault}`);
        const overflow = await this.page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (overflow > 0) faults.push(`${state}, ${width} px: the page is ${overflow} px too wide`);
      }
    }
    await this.page.setViewport({ width: 1280, height: 900 });
    return faults;
  }

  async #axe(): Promise<string[]> {
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(axe.source);
    return this.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run(document);
      return violations.map(
        ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join('; ')})`,
      );
    });
  }
}
