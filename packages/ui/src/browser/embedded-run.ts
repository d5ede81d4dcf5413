import { RUN_ELEMENT_ID, type Run } from '@crosspoint/report';

/** The page holds no run, or one that cannot be read. */
export class EmbeddedRunError extends Error {
  override readonly name = 'EmbeddedRunError';
  readonly code: 'missing' | 'unreadable';

  constructor(code: EmbeddedRunError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Reads the run a report page holds: base64 (RFC 4648) of raw deflate (RFC 1951) of JSON.
 * @throws EmbeddedRunError
 */
export async function readEmbeddedRun(root: Document): Promise<Run> {
  const payload = root.getElementById(RUN_ELEMENT_ID)?.textContent;
  if (payload === undefined || payload === null)
    throw new EmbeddedRunError('missing', 'This page holds no run.');
  try {
    return JSON.parse(await inflate(payload)) as Run;
  } catch (cause) {
    throw new EmbeddedRunError('unreadable', 'The run this page holds cannot be read.', { cause });
  }
}

/** Text out of base64 of raw deflate. */
export async function inflate(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).text();
}
