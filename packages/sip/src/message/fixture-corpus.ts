import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../fixtures/messages/', import.meta.url);
const TORTURE = new URL('../fixtures/rfc4475.json', import.meta.url);

/** Every recorded message, by file name. For tests, benchmarks and the fuzz runner only. */
export function recordedMessages(): { readonly name: string; readonly bytes: Uint8Array }[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sip'))
    .sort()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, FOLDER))) }));
}

/** The messages of RFC 4475, by name. For tests and the fuzz runner only. */
export function tortureMessages(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const messages = JSON.parse(readFileSync(TORTURE, 'utf8')) as Record<string, string>;
  return Object.entries(messages).map(([name, text]) => ({
    name,
    bytes: new Uint8Array(Buffer.from(text, 'base64')),
  }));
}
