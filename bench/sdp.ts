import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  attribute,
  candidates,
  codecs,
  direction,
  dtlsRole,
  fingerprints,
  iceCredentials,
  type LazyDescription,
  open,
  parse,
  type SessionDescription,
  setDirection,
  withAttribute,
  write,
  writeCanonical,
} from '@crosspoint/sdp';
import * as transform from 'sdp-transform';
import type { BenchRow } from './bench-row.ts';
import { type Contest, contest, printContests, VARIANTS } from './contest.ts';

const CORPUS = new URL('../packages/sdp/src/fixtures/corpus/', import.meta.url);
const UFRAG = 'bnch';

/**
 * SDP against sdp-transform over the whole recorded corpus. Each variant of the corpus has session ids, ufrags and
 * ports of its own in freshly made flat strings, so that no cache over strings can help. Both sides do the same job
 * and results are made flat before the clock stops.
 */
export async function benchSdp(): Promise<BenchRow[]> {
  const corpus = readdirSync(CORPUS)
    .filter((name) => name.endsWith('.sdp'))
    .map((name) => readFileSync(new URL(name, CORPUS), 'utf8'));
  const variants = Array.from({ length: VARIANTS }, (_, variant) =>
    corpus.map((text) => vary(text, variant)),
  );
  proveSameReads(variants[0]!);

  const readers: Contest[] = [
    {
      name: 'SDP: full typed parse',
      goal: 5,
      ours: (v) => sum(variants[v]!, (text) => parse(text).media.length),
      theirs: (v) => sum(variants[v]!, (text) => transform.parse(text).media.length),
    },
    {
      name: 'SDP: full typed parse and the typical reads',
      ours: (v) => sum(variants[v]!, (text) => readTyped(parse(text))),
      theirs: (v) => sum(variants[v]!, readTheirs),
    },
    {
      name: 'SDP: parse and the typical reads, lazily',
      goal: 15,
      ours: (v) => sum(variants[v]!, (text) => readLazy(open(text))),
      theirs: (v) => sum(variants[v]!, readTheirs),
    },
    {
      name: 'SDP: change one line and write, lazily',
      goal: 30,
      ours: (v) => sum(variants[v]!, (text) => flat(changeLazily(open(text)))),
      theirs: (v) =>
        sum(variants[v]!, (text) => flat(transform.write(changeOneTheirs(transform.parse(text))))),
    },
  ];
  // Before any model is kept: keeping thousands teaches the engine that parsing makes long-lived objects.
  const read = readers.map(contest);
  const ourModels = variants.map((texts) => texts.map((text) => parse(text)));
  const theirModels = variants.map((texts) => texts.map((text) => transform.parse(text)));
  const writers: Contest[] = [
    {
      name: 'SDP: write after one typed change in each m-section',
      goal: 5,
      ours: (v) => sum(ourModels[v]!, (model) => flat(write(changeOurs(model)))),
      theirs: (v) => sum(theirModels[v]!, (model) => flat(transform.write(changeTheirs(model)))),
    },
    {
      name: 'SDP: write every line from its typed value',
      goal: 5,
      ours: (v) => sum(ourModels[v]!, (model) => flat(writeCanonical(model))),
      theirs: (v) => sum(theirModels[v]!, (model) => flat(transform.write(model))),
    },
    {
      name: 'SDP: write of an unchanged description',
      ours: (v) => sum(ourModels[v]!, (model) => flat(write(model))),
      theirs: (v) => sum(theirModels[v]!, (model) => flat(transform.write(model))),
    },
  ];
  return [...read, ...writers.map(contest)];
}

/** The text with identifiers of its own, as one flat string nobody has seen. */
function vary(text: string, variant: number): string {
  const changed = text
    .replace(/^o=(\S+) (\S+)/m, (_, user: string) => `o=${user} ${7_000_000_000 + variant * 131}`)
    .replace(/^a=ice-ufrag:.*?(?=\r?$)/gm, `a=ice-ufrag:v${variant}xx`)
    .replace(/^m=(\w+) (\d{4,5}) /gm, (_, media: string) => `m=${media} ${20_000 + variant * 37} `);
  return Buffer.from(changed, 'utf8').toString('utf8');
}

function sum<T>(items: readonly T[], work: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += work(item);
  return total;
}

/** Makes a string flat, as sending it would, and looks into it. */
function flat(text: string): number {
  return Number(text) || text.length;
}

// The direction is the one attribute that every m-section may have and that both libraries keep as a typed value.
function changeOurs(model: SessionDescription): SessionDescription {
  return { session: model.session, media: model.media.map((media) => setDirection(media, 'inactive')) };
}

function changeTheirs(model: transform.SessionDescription): transform.SessionDescription {
  return { ...model, media: model.media.map((media) => ({ ...media, direction: 'inactive' as const })) };
}

function changeLazily(description: LazyDescription): string {
  const section = description.count(0, 'ice-ufrag') > 0 ? 0 : -1;
  return description.replaceAttribute(section, 'ice-ufrag', UFRAG).text;
}

function changeOneTheirs(session: transform.SessionDescription): transform.SessionDescription {
  const media = session.media[0];
  if (media?.iceUfrag !== undefined) media.iceUfrag = UFRAG;
  else session.iceUfrag = UFRAG;
  return session;
}

function readTyped(description: SessionDescription): number {
  let seen = 0;
  for (const media of description.media) {
    seen += attribute(media, 'mid')?.length ?? 0;
    seen += direction(media, description.session).length;
    seen += iceCredentials(description, media)?.pwd.length ?? 0;
    seen += fingerprints(description, media)[0]?.value.length ?? 0;
    seen += dtlsRole(description, media)?.length ?? 0;
    seen += candidates(media).length;
  }
  const audio = description.media.find((media) => media.media === 'audio');
  return seen + (audio === undefined ? 0 : sum(codecs(audio), (codec) => codec.clockRate));
}

function readLazy(description: LazyDescription): number {
  let seen = 0;
  let audio = -1;
  for (let index = 0; index < description.mediaCount; index++) {
    seen += description.first(index, 'mid')?.length ?? 0;
    seen += description.direction(index).length;
    seen += description.iceCredentials(index)?.pwd.length ?? 0;
    seen +=
      (description.first(index, 'fingerprint') ?? description.first(-1, 'fingerprint'))?.value.length ?? 0;
    seen += (description.first(index, 'setup') ?? description.first(-1, 'setup'))?.length ?? 0;
    seen += description.count(index, 'candidate');
    if (audio < 0 && description.media(index) === 'audio') audio = index;
  }
  return seen + (audio < 0 ? 0 : sum(description.codecs(audio), (codec) => codec.clockRate));
}

const STATIC_CLOCK = 8000;

function readTheirs(text: string): number {
  const session = transform.parse(text);
  let seen = 0;
  for (const media of session.media) {
    seen += media.mid === undefined ? 0 : String(media.mid).length;
    seen += (media.direction ?? session.direction ?? 'sendrecv').length;
    const ufrag = media.iceUfrag ?? session.iceUfrag;
    const pwd = media.icePwd ?? session.icePwd;
    seen += ufrag === undefined || pwd === undefined ? 0 : String(pwd).length;
    seen += (media.fingerprint ?? session.fingerprint)?.hash.length ?? 0;
    seen += (media.setup ?? session.setup)?.length ?? 0;
    seen += media.candidates?.length ?? 0;
  }
  const audio = session.media.find((media) => media.type === 'audio');
  if (audio === undefined) return seen;
  const joined = transform.parsePayloads(audio.payloads ?? '').map((payload) => ({
    rtp: audio.rtp.find((rtp) => rtp.payload === payload),
    parameters: audio.fmtp
      .filter((fmtp) => fmtp.payload === payload)
      .map((fmtp) => transform.parseParams(fmtp.config)),
    feedback: audio.rtcpFb?.filter((feedback) => feedback.payload === payload) ?? [],
  }));
  return seen + sum(joined, (codec) => codec.rtp?.rate ?? STATIC_CLOCK);
}

function proveSameReads(texts: readonly string[]): void {
  for (const text of texts) {
    const want = readTheirs(text);
    const typed = readTyped(parse(text));
    const lazy = readLazy(open(text));
    if (typed !== want || lazy !== want)
      throw new Error(`reads differ: ${want}, ${typed}, ${lazy} in\n${text}`);
    if (write(parse(text)) !== text) throw new Error('the description did not come back');
    const attributeSet = withAttribute(parse(text).session, 'ice-ufrag', UFRAG);
    if (attribute(attributeSet, 'ice-ufrag') !== UFRAG) throw new Error('the change was lost');
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  printContests(await benchSdp());
}
