const NAMES = ['secret', 'token', 'credential', 'password'];
/** A field's value: a string, to the end where it is not closed, or whatever else stands there. */
const VALUE = '(?:"(?:[^"\\\\]|\\\\.)*(?:"|$)|[^,}\\s][^,}]*)';
// JSON may escape any character and may have space around a colon.
const SECRET = new RegExp(`"(${NAMES.map(written).join('|')})"(\\s*:\\s*)${VALUE}`, 'gis');
const SUSPECT = new RegExp(`${NAMES.join('|')}|\\\\u00`, 'i');

/** A name as it may be written in JSON: each character as it is or escaped. */
function written(name: string): string {
  return [...name].map((letter) => `(?:${letter}|\\\\u00${letter.charCodeAt(0).toString(16)})`).join('');
}

/** Strikes out the values of secret fields in a message's head; a trace is evidence that people share. */
export function redact(raw: string): string {
  const lineFeed = raw.indexOf('\n');
  if (lineFeed < 0) return redactAll(raw);
  const head = raw.slice(0, lineFeed);
  const clean = redactAll(head);
  return clean === head ? raw : clean + raw.slice(lineFeed);
}

/** Strikes out the values of secret fields anywhere in a text: for what is no message. */
export function redactAll(raw: string): string {
  return SUSPECT.test(raw) ? raw.replace(SECRET, '"$1"$2"(redacted)"') : raw;
}
