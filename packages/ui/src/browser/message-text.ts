/** A part of a message, with the text as a person would lay it out. */
export interface MessagePart {
  readonly kind: 'json' | 'headers' | 'sdp' | 'xml' | 'text';
  readonly text: string;
}

/**
 * A message as it was on the wire, taken apart for reading: a line of JSON and the SDP behind it (the web
 * protocol), a start line with headers and a body (SIP, HTTP, MGCP), or XML (XMPP). What cannot be taken apart
 * is one part of text. Nothing is added or left out but white space between the parts and in JSON and XML.
 */
export function parseMessageText(raw: string): MessagePart[] {
  if (raw.trim() === '') return [];
  if (/^v=0\r?\n/.test(raw)) return [{ kind: 'sdp', text: raw }];
  const start = raw.trimStart()[0];
  if (start === '{' || start === '[') return parseJson(raw);
  if (start === '<') return [{ kind: 'xml', text: indentXml(raw.trim()) }];
  const blank = /\r?\n\r?\n/.exec(raw);
  if (blank !== null && looksLikeHeaders(raw.slice(0, blank.index))) {
    return [
      { kind: 'headers', text: raw.slice(0, blank.index) },
      ...parseMessageText(raw.slice(blank.index + blank[0].length)),
    ];
  }
  return [{ kind: looksLikeHeaders(raw) ? 'headers' : 'text', text: raw.replace(/\s+$/, '') }];
}

/** The session description a message carries, if it carries one. */
export function descriptionIn(raw: string): string | undefined {
  return parseMessageText(raw).find((part) => part.kind === 'sdp')?.text;
}

function parseJson(raw: string): MessagePart[] {
  const whole = jsonPart(raw);
  if (whole !== undefined) return [whole];
  const end = raw.search(/\r?\n/);
  if (end < 0) return [{ kind: 'text', text: raw }];
  const head = jsonPart(raw.slice(0, end));
  if (head === undefined) return [{ kind: 'text', text: raw }];
  return [head, ...parseMessageText(raw.slice(end).replace(/^\r?\n/, ''))];
}

function jsonPart(text: string): MessagePart | undefined {
  try {
    return { kind: 'json', text: JSON.stringify(JSON.parse(text), null, 2) };
  } catch {
    return undefined;
  }
}

// A start line, then only `Name: value` and continuation lines.
function looksLikeHeaders(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines.length > 1 && lines.slice(1).every((line) => /^(?:[A-Za-z][\w-]*\s*:|[ \t])/.test(line));
}

// Only white space between tags is touched, so that text in elements stays as it was.
function indentXml(text: string): string {
  const tokens = text.match(/<!--[\s\S]*?-->|<[^>]*>|[^<]+|</g) ?? [];
  let depth = 0;
  let out = '';
  let afterText = false;
  for (const token of tokens) {
    if (!token.startsWith('<')) {
      if (token.trim() === '') continue;
      out += token;
      afterText = true;
      continue;
    }
    const closes = token.startsWith('</');
    if (closes) depth = Math.max(0, depth - 1);
    if (out !== '' && !afterText && !(closes && out.endsWith('>') && isOpenerOf(out, token))) {
      out += `\n${'  '.repeat(depth)}`;
    }
    out += token;
    afterText = false;
    if (!closes && !token.endsWith('/>') && !/^<[?!]/.test(token)) depth += 1;
  }
  return out;
}

function isOpenerOf(out: string, closer: string): boolean {
  const opener = out.slice(out.lastIndexOf('<'));
  return !opener.startsWith('</') && !opener.endsWith('/>') && opener.startsWith(`<${closer.slice(2, -1)}`);
}
