import { version } from 'sip.js';
import type { Driver } from '../driver.ts';
import { type BrowserKind, browserDriver } from './browser-driver.ts';
import { chromium } from './chromium.ts';
import { firefox } from './firefox.ts';

/** What SIP.js makes of a browser; why the rest is not there the page itself says when it is asked. */
const CAPABILITIES = [
  ...['call', 'answer', 'audio', 'video', 'full-gathering', 'ice-restart', 'far-ice-restart'],
  ...['decline', 'one-call', 'hold', 'far-hold', 'change-video', 'far-change-video', 'glare'],
  ...['register', 'dtmf', 'transfer', 'far-transfer', 'far-early-media', 'transport:ws', 'media:ice-dtls'],
  ...['impair:silent-audio', 'impair:frozen-video'],
];

/** SIP.js in Debian's Chromium: a page that is itself a SIP phone. */
export function chromiumSipjsDriver(): Driver {
  return sipjsDriver(chromium());
}

/** SIP.js in Debian's Firefox ESR: a page that is itself a SIP phone. */
export function firefoxSipjsDriver(): Driver {
  return sipjsDriver(firefox());
}

function sipjsDriver(kind: BrowserKind): Driver {
  return browserDriver(kind, {
    id: `${kind.id}-sipjs`,
    name: `SIP.js in ${kind.name}`,
    joins: 'sip',
    path: '/sip-ws/',
    capabilities: CAPABILITIES,
    version: `SIP.js ${version}`,
  });
}
