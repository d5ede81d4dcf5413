import { accessSync } from 'node:fs';
import { type Browser, launch } from 'puppeteer-core';

export type BrowserName = 'Chromium' | 'Firefox';

const PROGRAMS: Readonly<Record<BrowserName, readonly string[]>> = {
  Chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  Firefox: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
};

/** Where the browser's program is. @throws Error where there is none */
function programOf(name: BrowserName): string {
  const found = PROGRAMS[name].find((path) => {
    try {
      accessSync(path);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`${name} is not installed: ${PROGRAMS[name].join(', ')}`);
  return found;
}

/** Starts a browser without a screen, whose camera and microphone are the browser's own fakes. */
export async function startBrowser(name: BrowserName): Promise<Browser> {
  if (name === 'Firefox') {
    return launch({
      browser: 'firefox',
      executablePath: programOf(name),
      headless: true,
      extraPrefsFirefox: {
        'media.navigator.streams.fake': true,
        'media.navigator.permission.disabled': true,
        'media.peerconnection.ice.obfuscate_host_addresses': false,
        'media.peerconnection.ice.loopback': true,
        'media.autoplay.default': 0,
      },
    });
  }
  return launch({
    executablePath: programOf(name),
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--use-fake-ui-for-media-stream'],
      ...['--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required'],
      ...['--auto-select-desktop-capture-source=Entire', '--disable-features=WebRtcHideLocalIpsWithMdns'],
    ],
  });
}
