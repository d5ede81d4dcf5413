import { VERSION } from 'stanza/Constants.js';
import type { Driver } from '../driver.ts';
import { type BrowserKind, browserDriver } from './browser-driver.ts';
import { chromium } from './chromium.ts';
import { firefox } from './firefox.ts';

/** What stanza makes of a browser; why the rest is not there the page itself says when it is asked. */
const CAPABILITIES = [
  ...[
    'call',
    'answer',
    'audio',
    'video',
    'data',
    'trickle',
    'early-candidates',
    'ice-restart',
    'far-ice-restart',
  ],
  ...[
    'decline',
    'one-call',
    'hold',
    'far-hold',
    'resume',
    'register',
    'dtmf',
    'transport:ws',
    'media:ice-dtls',
  ],
  ...['impair:silent-audio', 'impair:frozen-video'],
];

/** stanza in Debian's Chromium: a page that is itself an XMPP client, and calls by Jingle. */
export function chromiumStanzaDriver(): Driver {
  return stanzaDriver(chromium());
}

/** stanza in Debian's Firefox ESR: a page that is itself an XMPP client, and calls by Jingle. */
export function firefoxStanzaDriver(): Driver {
  return stanzaDriver(firefox());
}

function stanzaDriver(kind: BrowserKind): Driver {
  return browserDriver(kind, {
    id: `${kind.id}-stanza`,
    name: `stanza in ${kind.name}`,
    joins: 'jingle',
    path: '/stanza/',
    capabilities: CAPABILITIES,
    version: `stanza ${VERSION}`,
  });
}
