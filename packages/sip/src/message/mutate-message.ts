/** A stream of numbers in [0, 1). */
export type Random = () => number;

/** A seeded stream (mulberry32): the same seed gives the same inputs, so that a failure can be run again. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** An integer from 0 up to, not including, limit. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)]!;
}

// One character is one byte.
const PIECES = [
  ...[
    '\0',
    '\r',
    '\n',
    '\r\n',
    '\r\n ',
    '\t',
    ' ',
    '"',
    '\\',
    '\\"',
    '<',
    '>',
    ',',
    ';',
    '=',
    ':',
    '@',
    '?',
    '&',
    '%',
  ],
  ...[
    '%00',
    '%zz',
    '[',
    ']',
    '[::1]',
    '*',
    'é',
    '\xc3',
    '\xed\xa0\x80',
    '\xef\xbb\xbf',
    '\x7f',
    '\r\n\r\n',
    '\x85',
  ],
];
const WORDS = [
  ...[
    'constructor',
    '__proto__',
    'toString: 1\r\n',
    'Via: SIP/2.0/UDP h\r\n',
    'v: x\r\n',
    'Contact: *\r\n',
    'l: 5\r\n',
  ],
  ...[
    'Content-Length: -1\r\n',
    'SIP/2.0 ',
    'SIP/9.9',
    'sip:',
    'sips:a:b@c;d?e=f',
    'tel:+1',
    '<sip:a@b>;tag=1, ',
    ';lr;;',
  ],
  ...[
    'Route: <sip:a;lr>,<sip:b>\r\n',
    'm: "\r\n',
    'Warning: 399 a "b"\r\n',
    'Reason: Q.850;cause=99999999999\r\n',
  ],
  ...[
    'Authorization: Digest a="b", c=d,\r\n',
    'Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n',
    'Accept: */*, ,\r\n',
  ],
  ...[
    'Content-Type: multipart/mixed;boundary=x\r\n',
    'RAck: 1 2 3\r\n',
    'Replaces: a;to-tag=1;from-tag=2\r\n',
  ],
];
const NUMBERS = [
  '0',
  '00',
  '-1',
  '1e9',
  '65536',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  '',
];

type Mutation = (text: string, random: Random, corpus: readonly string[]) => string;

function splice(text: string, from: number, to: number, put: string): string {
  return text.slice(0, from) + put + text.slice(to);
}

// Most damage goes into the head; a body is bytes that nobody reads here.
function place(text: string, random: Random): number {
  const end = text.indexOf('\r\n\r\n');
  return below(random, (end < 0 || random() < 0.1 ? text.length : end) + 1);
}

function lineSpan(text: string, random: Random): readonly [number, number] {
  const at = place(text, random);
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return [start, end < 0 ? text.length : end + 1];
}

const MUTATIONS: readonly Mutation[] = [
  (text, random) => {
    const at = place(text, random);
    return splice(text, at, at, pick(random, PIECES));
  },
  (text, random) => {
    const at = place(text, random);
    return splice(text, at, at + 1, String.fromCharCode(below(random, 256)));
  },
  (text, random) => {
    const at = place(text, random);
    return splice(text, at, at + 1 + below(random, 12), '');
  },
  (text, random) => {
    const [start] = lineSpan(text, random);
    return splice(text, start, start, pick(random, WORDS));
  },
  (text, random) => {
    const at = place(text, random);
    return splice(text, at, at, pick(random, WORDS));
  },
  (text, random) => {
    const [start, end] = lineSpan(text, random);
    return splice(text, start, end, '');
  },
  (text, random) => {
    const [start, end] = lineSpan(text, random);
    return splice(text, start, start, text.slice(start, end));
  },
  (text, random) => {
    const digits = [...text.matchAll(/\d+/g)];
    if (digits.length === 0) return text;
    const { index, 0: word } = pick(random, digits);
    return splice(text, index, index + word.length, pick(random, NUMBERS));
  },
  (text, random) => {
    const [start, end] = lineSpan(text, random);
    return splice(text, start, end, text.slice(start, end).replace(/[ ,;]/g, '$&\r\n '));
  },
  (text, random, corpus) => {
    const other = pick(random, corpus);
    return text.slice(0, place(text, random)) + other.slice(place(other, random));
  },
  (text, random) => {
    const [start, end] = lineSpan(text, random);
    return splice(text, start, end, text.slice(start, end).repeat(2 + below(random, 40)));
  },
  (text, random) => text.slice(0, below(random, text.length + 1)),
];

/** One of the texts, damaged in one to four ways. */
export function mutateMessage(random: Random, corpus: readonly string[]): string {
  let text = pick(random, corpus);
  for (let left = 1 + below(random, 4); left > 0; left--) {
    text = pick(random, MUTATIONS)(text, random, corpus).slice(0, 100_000);
  }
  return text;
}
