import { readdirSync, readFileSync } from 'node:fs';
import { decodePcmu } from '@crosspoint/media';
import type { Evidence, Observation } from '../evidence.ts';

const FIXTURES = new URL('./fixtures/', import.meta.url);

/** How sound stands in a recorded call: G.711 in Base64, or the number of silent samples. */
interface RecordedSound {
  readonly pcmu?: string;
  readonly silence?: number;
}

/** The calls that were recorded, by name: a defect's id, or `healthy-<scenario>`. For tests only. */
export function recordedCalls(): string[] {
  return readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** The evidence of a call that was recorded: between two pages in the triangle, or a page and a phone. */
export function recorded(name: string): Evidence {
  const stored = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as Evidence;
  return { ...stored, observations: stored.observations.map(withSound) };
}

function withSound(observation: Observation): Observation {
  if (observation.kind !== 'heard') return observation;
  const { pcmu, silence, ...heard } = observation.heard as typeof observation.heard & RecordedSound;
  const pcm = pcmu === undefined ? new Int16Array(silence ?? 0) : decodePcmu(Buffer.from(pcmu, 'base64'));
  return { ...observation, heard: { ...heard, pcm } };
}
