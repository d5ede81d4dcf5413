import { parseUri, type Uri } from '../../message/uri.ts';

/** Addresses that were read before: the same few stand in most messages. Bounded; forgets all when it is full. */
export class UriMemo {
  readonly #known = new Map<string, Uri>();
  readonly #capacity: number;

  constructor(capacity = 2000) {
    this.#capacity = capacity;
  }

  /** Throws SipSyntaxError as `parseUri` does. */
  read(text: string): Uri {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const uri = parseUri(text);
    if (this.#known.size >= this.#capacity) this.#known.clear();
    if (text.length <= 200) this.#known.set(text, uri);
    return uri;
  }
}
