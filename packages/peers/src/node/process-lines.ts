/** What one line of a peer may be at most. A peer is not trusted: half a minute of sound is 0.7 MB. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const LINE_FEED = 0x0a;

/** Why bytes are no line of the contract. */
export class LineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LineError';
  }
}

/**
 * Cuts a stream of bytes into lines of UTF-8, the line feed taken off. Hand it each chunk; it gives the lines that are
 * complete.
 * @throws LineError for a line over the limit and for bytes that are not UTF-8
 */
export function lineCutter(maxBytes = MAX_LINE_BYTES): (chunk: Uint8Array) => string[] {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let waiting: Uint8Array[] = [];
  let size = 0;
  const take = (part: Uint8Array): void => {
    size += part.length;
    if (size > maxBytes) throw new LineError(`a line of more than ${maxBytes} bytes`);
    if (part.length > 0) waiting.push(part);
  };
  return (chunk) => {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      take(chunk.subarray(from, at));
      try {
        lines.push(utf8.decode(Buffer.concat(waiting, size)));
      } catch {
        throw new LineError('a line that is not UTF-8');
      }
      waiting = [];
      size = 0;
      from = at + 1;
    }
    take(chunk.subarray(from));
    return lines;
  };
}
