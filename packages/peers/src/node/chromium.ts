import type { Driver } from '../driver.ts';
import { type BrowserKind, browserDriver } from './browser-driver.ts';

/** Debian's Chromium over the DevTools protocol. */
export function chromiumDriver(moreArguments: readonly string[] = []): Driver {
  return browserDriver(chromium(moreArguments));
}

export function chromium(moreArguments: readonly string[] = []): BrowserKind {
  return {
    id: 'chromium',
    name: 'Chromium',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    override: 'CROSSPOINT_CHROMIUM',
    install: 'apt-get install chromium',
    launch: {
      browser: 'chrome',
      headless: true,
      args: [
        // Its sandbox does not start as root, and the lab's pages are the lab's own.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
        // Several pages are open at once and only one can be in front.
        '--disable-background-timer-throttling',
        '--disable-renderer-backgrounding',
        '--disable-backgrounding-occluded-windows',
        // Names that only multicast DNS resolves are no use in a network without it.
        '--disable-features=WebRtcHideLocalIpsWithMdns,CalculateNativeWinOcclusion',
        ...moreArguments,
      ],
    },
  };
}
