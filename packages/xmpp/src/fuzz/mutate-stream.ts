import { below, pick, type Random } from './random.ts';

const PIECES = [
  ...[
    '<',
    '>',
    '/',
    '"',
    "'",
    '&',
    ';',
    '=',
    ':',
    ' ',
    '\n',
    '\r',
    '\0',
    '\u0001',
    '\ud800',
    '\ufffe',
    ']]>',
    '/>',
    '</',
  ],
  ...[
    '&amp;',
    '&lt;',
    '&#0;',
    '&#x10ffff;',
    '&lol;',
    '&#xd800;',
    '<![CDATA[',
    '<!--',
    '-->',
    '<?x y?>',
    '<!DOCTYPE a>',
  ],
  ...[
    '\u{1f600}',
    'é',
    '__proto__',
    'constructor',
    'xmlns',
    'xmlns:x="urn:x"',
    ' xmlns=""',
    ' x:y="1"',
    ' xml:lang="en"',
  ],
];
const WORDS = [
  ...[
    '<a>',
    '</a>',
    '<a/>',
    '<iq/>',
    '<message/>',
    '<presence/>',
    '</stream:stream>',
    '<stream:error/>',
    '<body>x</body>',
  ],
  ...[
    'alice@ours.test',
    'alice@ours.test/web',
    'bob@ours.test',
    'two.test',
    'ours.test',
    'gw.ours.test',
    'a@b@c',
    '',
  ],
  ...[
    'get',
    'set',
    'result',
    'error',
    'subscribe',
    'subscribed',
    'unsubscribe',
    'probe',
    'unavailable',
    'chat',
  ],
  ...[
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<a xmlns='urn:xmpp:sm:3' h='1'/>",
    "<enable xmlns='urn:xmpp:sm:3' resume='true'/>",
  ],
  ...[
    " from='alice@ours.test/web'",
    " to='alice@ours.test/web'",
    " type='set'",
    " id='x'",
    " h='4294967295'",
  ],
];

type Mutation = (text: string, random: Random, corpus: readonly string[]) => string;

function splice(text: string, from: number, to: number, put: string): string {
  return text.slice(0, from) + put + text.slice(to);
}

/** Where a tag begins, or just after one. */
function seam(text: string, random: Random): number {
  const at = text.indexOf(random() < 0.5 ? '<' : '>', below(random, text.length + 1));
  return at < 0 ? text.length : at;
}

const MUTATIONS: readonly Mutation[] = [
  (text, random) => insert(text, random, pick(random, PIECES)),
  (text, random) => insert(text, random, pick(random, WORDS)),
  (text, random) => splice(text, seam(text, random), seam(text, random), ''),
  (text, random) => {
    const at = seam(text, random);
    return splice(text, at, at, pick(random, WORDS));
  },
  (text, random) => {
    const at = below(random, text.length + 1);
    return splice(text, at, at + 1, String.fromCharCode(below(random, 0x180)));
  },
  (text, random) => {
    const at = below(random, text.length + 1);
    return splice(text, at, at + 1 + below(random, 20), '');
  },
  // A value for another.
  (text, random) => {
    const at = text.indexOf("='", below(random, text.length));
    const end = text.indexOf("'", at + 2);
    return at < 0 || end < 0 ? text : splice(text, at + 2, end, pick(random, WORDS).replace(/'/g, ''));
  },
  // A part of it again, or of another.
  (text, random, corpus) => {
    const other = random() < 0.5 ? text : pick(random, corpus);
    const from = seam(other, random);
    const at = seam(text, random);
    return splice(text, at, at, other.slice(from, from + below(random, 400)));
  },
  // Deeper, wider, longer.
  (text, random) => {
    const at = seam(text, random);
    const often = 1 + below(random, 60);
    return splice(
      text,
      at,
      at,
      pick(random, ['<a>', '<a b="">', ' b="1"', 'x'.repeat(50), '<a></a>']).repeat(often),
    );
  },
];

function insert(text: string, random: Random, put: string): string {
  const at = below(random, text.length + 1);
  return splice(text, at, at, put);
}

/** One of the corpus or several in a row, damaged in one to four ways; at times not at all. */
export function mutateStream(random: Random, corpus: readonly string[]): string {
  let text = '';
  for (let count = 1 + below(random, 3); count > 0; count -= 1) text += pick(random, corpus);
  for (let count = below(random, 5); count > 0; count -= 1)
    text = pick(random, MUTATIONS)(text, random, corpus);
  return text;
}
