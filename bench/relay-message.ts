import { readFileSync } from 'node:fs';

const FIXTURE = new URL(
  '../packages/sdp/src/fixtures/corpus/chromium-offer-nat-pr-pr-chromium.sdp',
  import.meta.url,
);
const MESSAGE_LENGTH = 2048;
/** What a head takes of it, about. */
const HEAD_LENGTH = 64;

/** A description that Chromium made, with one more attribute that makes a message of it 2 kB long. */
export function relayedDescription(): string {
  const text = readFileSync(FIXTURE, 'utf8');
  const padding = MESSAGE_LENGTH - HEAD_LENGTH - text.length - 'a=x-padding:\r\n'.length;
  return `${text}a=x-padding:${'x'.repeat(padding)}\r\n`;
}

/** How a load process asks for its work. */
export interface LoadOrder {
  readonly kind: 'connect' | 'run';
  readonly messages: number;
}
