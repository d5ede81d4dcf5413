const SECRET = /^((?:Proxy-)?Authorization\s*:.*?response\s*=\s*)"[^"]*"/gim;

/** A message as it may be shown and kept: digest responses are struck out. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRET, '$1"(struck out)"');
}

/** The Call-ID that a message names, without a parse of the whole: what is traced may be broken. */
export function callIdIn(text: string): string | undefined {
  return /^(?:Call-ID|i)\s*:\s*(\S+)/im.exec(text)?.[1];
}

/** A message in a few words: `INVITE`, `180 Ringing`, `200 OK (BYE)`. */
export function summarizeMessage(text: string): string {
  const first = text.slice(0, text.indexOf('\r\n'));
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(first);
  if (response === null) return first.slice(0, first.indexOf(' ')).slice(0, 32);
  const method = /^CSeq\s*:\s*\d+\s+(\S+)/im.exec(text)?.[1];
  const of = method === undefined || method === 'INVITE' ? '' : ` (${method})`;
  return `${response[1]} ${response[2]}`.slice(0, 60) + of;
}
