import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeWav } from '@crosspoint/media';
import type { Evidence, HeardSample, Observation } from '../evidence.ts';

type Stored = Omit<Evidence, 'observations'> & { readonly observations: readonly unknown[] };

/** Keeps a call's evidence in the cell's folder: what a verdict can be judged again from. Sound stays in its WAV files. */
export function writeEvidence(folder: string, evidence: Evidence): void {
  const observations = evidence.observations.map((each) =>
    each.kind === 'heard'
      ? { ...each, heard: { startedAt: each.heard.startedAt, file: each.heard.file } }
      : each,
  );
  const path = join(folder, 'evidence', `${evidence.scenario}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ ...evidence, observations } satisfies Stored, null, 1));
}

/** Reads a call's evidence again, sound included. */
export function readEvidence(folder: string, scenario: string): Evidence {
  const stored = JSON.parse(readFileSync(join(folder, 'evidence', `${scenario}.json`), 'utf8')) as Stored;
  const observations = (stored.observations as (Observation & { heard?: HeardSample })[]).map(
    (each): Observation => {
      if (each.kind !== 'heard') return each;
      const { pcm, sampleRate } = decodeWav(readFileSync(join(folder, each.heard.file)));
      return { ...each, heard: { ...each.heard, pcm, sampleRate } };
    },
  );
  return { ...stored, observations };
}
