import { IceError } from './ice-error.ts';

/**
 * Reads an IPv4 (dotted, four decimal parts) or IPv6 (RFC 4291 section 2.2, without zone and brackets) address:
 * 4 or 16 bytes, or undefined where the text is neither, a host name for one.
 */
export function parseIpAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Writes 4 bytes as IPv4 and 16 as IPv6 in the form of RFC 5952. Throws `address-syntax` for another length. */
export function writeIpAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return `${bytes[0]!}.${bytes[1]!}.${bytes[2]!}.${bytes[3]!}`;
  if (bytes.length === 16) return writeIpv6(bytes);
  throw new IceError(
    'address-syntax',
    `an IP address has 4 or 16 bytes, not ${bytes.length}`,
    'RFC 8489 section 14.1',
  );
}

function parseIpv4(text: string): Uint8Array | undefined {
  const out = new Uint8Array(4);
  let part = 0;
  let digits = 0;
  let value = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 0x2e;
    if (c >= 0x30 && c <= 0x39) {
      // A leading zero reads as octal to some and decimal to others.
      if (digits > 0 && value === 0) return undefined;
      value = value * 10 + c - 0x30;
      if (++digits > 3 || value > 255) return undefined;
    } else if (c === 0x2e) {
      if (digits === 0 || part === 4) return undefined;
      out[part++] = value;
      digits = 0;
      value = 0;
    } else {
      return undefined;
    }
  }
  return part === 4 ? out : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const gap = text.indexOf('::');
  if (gap >= 0 && text.indexOf('::', gap + 1) >= 0) return undefined;
  const head = readGroups(gap < 0 ? text : text.slice(0, gap), gap < 0);
  const tail = gap < 0 ? [] : readGroups(text.slice(gap + 2), true);
  if (head === undefined || tail === undefined) return undefined;
  const given = head.length + tail.length;
  if (gap < 0 ? given !== 16 : given > 14) return undefined;
  const out = new Uint8Array(16);
  out.set(head);
  out.set(tail, 16 - tail.length);
  return out;
}

function readGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (last && index === groups.length - 1 && group.includes('.')) {
      const v4 = parseIpv4(group);
      if (v4 === undefined) return undefined;
      bytes.push(...v4);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}

function writeIpv6(b: Uint8Array): string {
  if (isV4Mapped(b)) return `::ffff:${b[12]!}.${b[13]!}.${b[14]!}.${b[15]!}`;
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((b[i]! << 8) | b[i + 1]!);
  // RFC 5952 section 4.2: the first of the longest runs of two or more zero groups becomes "::".
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run++;
    if (run > longest) {
      start = i;
      longest = run;
    }
    i += run;
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + longest).join(':')}`;
}

function isV4Mapped(b: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (b[i] !== 0) return false;
  return b[10] === 0xff && b[11] === 0xff;
}
