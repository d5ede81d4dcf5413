import { readdirSync, readFileSync } from 'node:fs';

function files(folder: URL, ending: string): { readonly name: string; readonly text: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
}

/** Every recorded description. For tests, benchmarks and the fuzz runner only. */
export function recordedDescriptions(): { readonly name: string; readonly text: string }[] {
  return files(new URL('../../../sdp/src/fixtures/corpus/', import.meta.url), '.sdp');
}

/** Every recorded stanza. For tests, benchmarks and the fuzz runner only. */
export function recordedStanzas(): { readonly name: string; readonly text: string }[] {
  return files(new URL('../fixtures/stanzas/', import.meta.url), '.xml');
}
