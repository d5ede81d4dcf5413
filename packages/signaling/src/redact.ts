const SECRET = /"(secret|token|credential|password)":"(?:[^"\\]|\\.)*"/g;

/** Strikes out the values of secret fields in a message's head; a trace is evidence that people share. */
export function redact(raw: string): string {
  const lineFeed = raw.indexOf('\n');
  const head = lineFeed < 0 ? raw : raw.slice(0, lineFeed);
  if (!head.includes('"secret"') && !head.includes('"token"') && !head.includes('"credential"')) return raw;
  const clean = head.replace(SECRET, '"$1":"(redacted)"');
  return lineFeed < 0 ? clean : clean + raw.slice(lineFeed);
}
