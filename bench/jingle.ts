import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import {
  JINGLE_EXTENSIONS,
  type JingleContent,
  parseContent,
  toContents,
  toDescription,
} from '@crosspoint/jingle';
import { parse } from '@crosspoint/sdp';
import type { BenchRow } from './bench-row.ts';
import { type Contest, contest, printContests, VARIANTS } from './contest.ts';

const CORPUS = new URL('../packages/sdp/src/fixtures/corpus/', import.meta.url);

/** What the npm package sdp-jingle-json makes of a description. */
interface TheirLibrary {
  readonly toOutgoingJSONOffer: (sdp: string) => object;
  readonly toOutgoingSDPOffer: (session: object) => string;
}
/** Stanza's functions between SDP and what it writes as Jingle. */
interface Intermediate {
  readonly importFromSDP: (sdp: string) => object;
  readonly exportToSDP: (session: object) => string;
}
interface Protocol {
  readonly convertIntermediateToRequest: (session: object, role: string, transport: string) => object;
  readonly convertRequestToIntermediate: (jingle: object, role: string) => object;
}
const load = createRequire(import.meta.url);
const jingleJson = load('sdp-jingle-json') as TheirLibrary;
const intermediate = load('stanza/jingle/sdp/Intermediate') as Intermediate;
const protocol = load('stanza/jingle/sdp/Protocol') as Protocol;

const WARM_UP = 200;
const ICE = 'urn:xmpp:jingle:transports:ice-udp:1';

function ours(text: string): string {
  const { contents, groups } = toContents(parse(text), { role: 'initiator', extensions: JINGLE_EXTENSIONS });
  const read: JingleContent[] = contents.map((each) => parseContent(each, 'content'));
  return toDescription(read, groups, { type: 'offer', role: 'initiator' }).description.text;
}

function stanza(text: string): string {
  const request = protocol.convertIntermediateToRequest(intermediate.importFromSDP(text), 'initiator', ICE);
  return intermediate.exportToSDP(protocol.convertRequestToIntermediate(request, 'initiator'));
}

function sdpJingleJson(text: string): string {
  return jingleJson.toOutgoingSDPOffer(jingleJson.toOutgoingJSONOffer(text));
}

/**
 * SDP text to a tree of Jingle and back to text, over 29 descriptions of both browsers. Theirs is a tree of plain objects
 * from which XML is still to be made; ours are the elements. What each loses is said beside.
 */
export async function benchJingle(): Promise<BenchRow[]> {
  const corpus = readdirSync(CORPUS)
    .filter((name) => name.startsWith('made-') && name.endsWith('.sdp'))
    .map((name) => readFileSync(new URL(name, CORPUS), 'utf8'));
  const variants = Array.from({ length: VARIANTS }, (_, variant) =>
    corpus.map((text) => vary(text, variant)),
  );
  const lost = {
    ours: lines(corpus, ours),
    stanza: lines(corpus, stanza),
    'sdp-jingle-json': lines(corpus, sdpJingleJson),
  };
  process.stderr.write(`lines lost of ${corpus.length} descriptions: ${JSON.stringify(lost)}\n`);
  if (lost.ours >= Math.min(lost.stanza, lost['sdp-jingle-json']))
    throw new Error('ours loses no fewer lines');
  const jobs: Contest[] = [
    {
      name: 'Jingle: SDP to Jingle and back, against sdp-jingle-json',
      goal: 3,
      ours: (v) => sum(variants[v]!, ours),
      theirs: (v) => sum(variants[v]!, sdpJingleJson),
    },
    {
      name: 'Jingle: SDP to Jingle and back, against stanza',
      goal: 3,
      ours: (v) => sum(variants[v]!, ours),
      theirs: (v) => sum(variants[v]!, stanza),
    },
  ];
  // Ours goes into both contests: all three are as warm as each other before the first.
  for (let round = 0; round < WARM_UP; round++)
    for (const work of [ours, stanza, sdpJingleJson]) sum(variants[round % VARIANTS]!, work);
  return jobs.map(contest);
}

/** The description with identifiers of its own, in a string nobody has seen. */
function vary(text: string, variant: number): string {
  const changed = text.replace(/(ice-ufrag:|ice-pwd:|cname:)/g, (all) => `${all}v${variant}`);
  return Buffer.from(changed, 'utf8').toString('utf8');
}

function sum(texts: readonly string[], work: (text: string) => string): number {
  let total = 0;
  for (const text of texts) total += Buffer.byteLength(work(text));
  return total;
}

/** Lines of attributes, but for a=rtcp, that are not there again. */
function lines(corpus: readonly string[], work: (text: string) => string): number {
  let lost = 0;
  for (const text of corpus) {
    const back = attributesOf(work(text));
    for (const line of attributesOf(text)) {
      const at = back.indexOf(line);
      if (at < 0) lost++;
      else back.splice(at, 1);
    }
  }
  return lost;
}

function attributesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('a=') && !line.startsWith('a=rtcp:'))
    .map((line) => line.trimEnd());
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  printContests(await benchJingle());
}
