import { ATTRIBUTE_ROWS } from '../attributes/grammar.ts';
import { below, pick, type Random } from './random.ts';

type Mutation = (text: string, random: Random, corpus: readonly string[]) => string;

const CHARACTERS = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  '=',
  ':',
  ';',
  '/',
  '-',
  '*',
  '~',
  'é',
  '\u2028',
  '😀',
  '\ud800',
];
const NUMBERS = [
  '0',
  '00',
  '-1',
  '1e9',
  '65535',
  '65536',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '٣',
  '0x10',
  '',
];
const WORDS = [
  'a=',
  'm=',
  'c=IN IP4 0.0.0.0',
  'm=audio 9 RTP/AVP',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
];

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function span(text: string, random: Random): readonly [number, number] {
  const starts = lineStarts(text);
  const line = below(random, starts.length);
  return [starts[line]!, starts[line + 1] ?? text.length];
}

function splice(text: string, from: number, to: number, put: string): string {
  return text.slice(0, from) + put + text.slice(to);
}

const insertCharacter: Mutation = (text, random) => {
  const at = below(random, text.length + 1);
  return splice(text, at, at, pick(random, CHARACTERS));
};

const flipCharacter: Mutation = (text, random) => {
  const at = below(random, text.length);
  return splice(text, at, at + 1, String.fromCharCode(below(random, 300)));
};

const deletePart: Mutation = (text, random) => {
  const at = below(random, text.length);
  return splice(text, at, at + 1 + below(random, 12), '');
};

const deleteLine: Mutation = (text, random) => {
  const [from, to] = span(text, random);
  return splice(text, from, to, '');
};

const repeatLine: Mutation = (text, random) => {
  const [from, to] = span(text, random);
  return splice(text, from, from, text.slice(from, to).repeat(1 + below(random, 4)));
};

const moveLine: Mutation = (text, random) => {
  const [from, to] = span(text, random);
  const rest = splice(text, from, to, '');
  const [at] = span(rest, random);
  return splice(rest, at, at, text.slice(from, to));
};

const truncate: Mutation = (text, random) => text.slice(0, below(random, text.length));

const changeNumber: Mutation = (text, random) => {
  const start = below(random, text.length);
  for (let at = start; at < text.length; at++) {
    if (!isDigit(text, at)) continue;
    let end = at;
    while (end < text.length && isDigit(text, end)) end++;
    return splice(text, at, end, pick(random, NUMBERS));
  }
  return text;
};

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

const changeWord: Mutation = (text, random) => {
  const [from, to] = span(text, random);
  const words = text.slice(from, to).split(' ');
  words[below(random, words.length)] = pick(random, [...WORDS, ...NUMBERS, ...words]);
  return splice(text, from, to, words.join(' '));
};

const changeEndings: Mutation = (text, random) => {
  const ending = pick(random, ['\n', '\r', '\n\r', '', '\r\n\r\n']);
  return random() < 0.5 ? text.replaceAll('\r\n', ending) : text.replace('\r\n', ending);
};

const insertSample: Mutation = (text, random) => {
  const [at] = span(text, random);
  const { sample } = pick(random, ATTRIBUTE_ROWS);
  const cut = random() < 0.5 ? sample : sample.slice(0, below(random, sample.length));
  return splice(text, at, at, `${cut}\r\n`);
};

const cross: Mutation = (text, random, corpus) => {
  const other = pick(random, corpus);
  const [, at] = span(text, random);
  const [from] = span(other, random);
  return text.slice(0, at) + other.slice(from);
};

const lengthen: Mutation = (text, random) => {
  const [from, to] = span(text, random);
  const unit = pick(random, [' ', 'x', ';', ';a=', ' 1', ',', '/', ' a b', ':', '[x=1] ']);
  return splice(text, to - 1, to - 1, unit.repeat(1 + below(random, 300))).slice(
    0,
    Math.max(text.length, from) + 2000,
  );
};

const MUTATIONS: readonly Mutation[] = [
  insertCharacter,
  flipCharacter,
  deletePart,
  deleteLine,
  repeatLine,
  moveLine,
  truncate,
  changeNumber,
  changeNumber,
  changeWord,
  changeWord,
  changeEndings,
  insertSample,
  insertSample,
  cross,
  lengthen,
];

/** A recorded description damaged in one to four ways. */
export function mutate(random: Random, corpus: readonly string[]): string {
  let text = pick(random, corpus);
  for (let rest = 1 + below(random, 4); rest > 0 && text.length > 0; rest--) {
    text = pick(random, MUTATIONS)(text, random, corpus);
  }
  return text;
}
