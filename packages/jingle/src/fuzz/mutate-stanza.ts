import { JINGLE_ACTIONS } from '../stanza/jingle-stanza.ts';
import { below, pick, type Random } from './random.ts';

/** Values that go wrong where they are believed. */
const VALUES: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e9',
  '00',
  '256',
  '65536',
  '4294967296',
  '99999999999999999999',
  'NaN',
  'a b',
  'a/b',
  '&#10;a=x',
  '&#13;&#10;m=audio 9 RTP/AVP 0',
  '&#0;',
  '&#x1F600;',
  'a;b=c',
  'none',
  'both',
  'initiator',
  'responder',
  'actpass',
  'holdconn',
  '__proto__',
  'constructor',
  '::1',
  '[::1]',
  'x'.repeat(300),
];
const PIECES: readonly string[] = [
  '<',
  '>',
  '/>',
  '"',
  "'",
  '&',
  '&lt;',
  '&x;',
  '&#xD800;',
  ']]>',
  '<![CDATA[x]]>',
  '<!-- c -->',
  '<?p?>',
  '<!DOCTYPE a [<!ENTITY e "eeee">]>',
  '<x xmlns="urn:x"/>',
  '<content/>',
  '<reason/>',
  '<ringing xmlns="urn:xmpp:jingle:apps:rtp:info:1"/>',
  '\u0000',
  '\ud800',
  '\r\n',
  'é',
  '<a>'.repeat(40),
];
const TAG = /<[a-zA-Z][^<>]*>/g;

/** A recorded stanza damaged in one to four ways. */
export function mutateStanza(random: Random, corpus: readonly string[]): string {
  let text = pick(random, corpus);
  for (let times = 1 + below(random, 4); times > 0; times--) text = pick(random, WAYS)(text, random, corpus);
  return text;
}

type Way = (text: string, random: Random, corpus: readonly string[]) => string;

function spliced(text: string, from: number, to: number, put: string): string {
  return text.slice(0, from) + put + text.slice(to);
}

/** Where one match of the pattern stands, or undefined. */
function place(
  text: string,
  pattern: RegExp,
  random: Random,
): { readonly from: number; readonly to: number } | undefined {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return undefined;
  const match = pick(random, found);
  return { from: match.index, to: match.index + match[0].length };
}

/** An element without children, or with all of them where it is easily found. */
function elementAt(text: string, random: Random): { readonly from: number; readonly to: number } | undefined {
  const tag = place(text, TAG, random);
  if (tag === undefined || text[tag.to - 2] === '/') return tag;
  const name = /^<([^\s/>]+)/.exec(text.slice(tag.from, tag.to))?.[1] ?? '';
  const end = text.indexOf(`</${name}>`, tag.to);
  return end < 0 ? undefined : { from: tag.from, to: end + name.length + 3 };
}

const WAYS: readonly Way[] = [
  (text, random) => spliced(text, below(random, text.length), text.length, ''),
  (text, random) => {
    const at = below(random, text.length);
    return spliced(text, at, at, pick(random, PIECES));
  },
  (text, random) => {
    const at = below(random, text.length);
    return spliced(text, at, at + 1 + below(random, 8), '');
  },
  (text, random) => {
    const at = below(random, text.length);
    return spliced(text, at, at + 1, String.fromCharCode(below(random, 256)));
  },
  (text, random) => {
    const value = place(text, /(?<=\s[\w:-]+=["'])[^"']*/g, random);
    return value === undefined ? text : spliced(text, value.from, value.to, pick(random, VALUES));
  },
  (text, random) => {
    const attribute = place(text, /\s[\w:-]+=(?:"[^"]*"|'[^']*')/g, random);
    return attribute === undefined ? text : spliced(text, attribute.from, attribute.to, '');
  },
  (text, random) => {
    const gone = elementAt(text, random);
    return gone === undefined ? text : spliced(text, gone.from, gone.to, '');
  },
  (text, random) => {
    const twice = elementAt(text, random);
    return twice === undefined ? text : spliced(text, twice.to, twice.to, text.slice(twice.from, twice.to));
  },
  (text, random) => {
    const moved = elementAt(text, random);
    const to = place(text, TAG, random);
    if (moved === undefined || to === undefined || to.to > moved.from) return text;
    const piece = text.slice(moved.from, moved.to);
    return spliced(spliced(text, moved.from, moved.to, ''), to.to, to.to, piece);
  },
  (text, random, corpus) => {
    const foreign = pick(random, corpus);
    const taken = elementAt(foreign, random);
    const to = place(text, TAG, random);
    if (taken === undefined || to === undefined) return text;
    return spliced(text, to.to, to.to, foreign.slice(taken.from, taken.to));
  },
  (text, random) => {
    const action = place(text, /(?<=action=["'])[\w-]+/g, random);
    return action === undefined ? text : spliced(text, action.from, action.to, pick(random, JINGLE_ACTIONS));
  },
  (text, random) => {
    const number = place(text, /\d+/g, random);
    return number === undefined ? text : spliced(text, number.from, number.to, pick(random, VALUES));
  },
];
