/**
 * Whether a value from a stanza can stand as one word of a line: XML carries line breaks and spaces in a value, and a
 * description must not let them break out of their place.
 */
export function isToken(value: string | undefined): value is string {
  if (value === undefined || value.length === 0 || value.length > 4096) return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code <= 32 || code === 127) return false;
  }
  return true;
}

/** Whether a value from a stanza can stand at the end of a line: no control characters. */
export function isLineText(value: string | undefined): value is string {
  if (value === undefined || value.length > 8192) return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code < 32 || code === 127) return false;
  }
  return true;
}

/** A whole number in decimal digits up to `most`, or undefined. */
export function wholeNumber(value: string | undefined, most: number): number | undefined {
  if (value === undefined || value.length === 0 || value.length > 10) return undefined;
  let number = 0;
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number <= most ? number : undefined;
}
