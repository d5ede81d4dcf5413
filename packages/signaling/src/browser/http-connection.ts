import type { ClientConnection, Connect, ConnectionEvents } from './client-connection.ts';

/**
 * Connects by plain HTTP: server-sent events one way, requests the other. It reads the event stream with `fetch` and
 * not with `EventSource`, which could not send the session's secret in a header.
 * @param base the signaling path, without a slash at its end
 */
export function connectHttp(base: string): Connect {
  return (first, events) => new HttpConnection(base, first, events);
}

/** Browsers send at most 64 KiB after a page is gone (Fetch, HTTP-network-or-cache fetch). */
const MAX_KEEPALIVE = 32 * 1024;

class HttpConnection implements ClientConnection {
  readonly #base: string;
  readonly #events: ConnectionEvents;
  readonly #abort = new AbortController();
  readonly #queue: string[] = [];
  #authorization = '';
  #sending = false;
  #closed = false;
  #finishing = false;

  constructor(base: string, first: string, events: ConnectionEvents) {
    this.#base = base;
    this.#events = events;
    this.#run(first).then(
      () => this.#close('the event stream ended'),
      (error: unknown) => this.#close(error instanceof Error ? error.message : 'connection failed'),
    );
  }

  send(text: string): void {
    if (this.#closed) return;
    this.#queue.push(text);
    void this.#drain();
  }

  close(): void {
    this.#close('closed here');
  }

  finish(): void {
    this.#finishing = true;
    if (!this.#sending) this.close();
  }

  #close(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#abort.abort();
    this.#events.closed(why);
  }

  #post(path: string, body: string, headers: Record<string, string>): Promise<Response> {
    return fetch(`${this.#base}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers },
      body,
      // What was said last (leave, the end of a call) still goes out when the page is closed.
      keepalive: body.length < MAX_KEEPALIVE,
    });
  }

  async #run(first: string): Promise<void> {
    const opened = await this.#post('open', first, {});
    const text = await opened.text();
    if (this.#closed) return;
    if (!opened.ok) {
      if (text !== '') this.#events.message(text);
      return;
    }
    const { session, secret } = JSON.parse(text) as { session: string; secret: string };
    this.#authorization = `Bearer ${session}.${secret}`;
    const stream = await fetch(`${this.#base}/events`, {
      headers: { authorization: this.#authorization, accept: 'text/event-stream' },
      cache: 'no-store',
      signal: this.#abort.signal,
    });
    if (!stream.ok || stream.body === null) throw new Error(`event stream refused (${stream.status})`);
    this.#events.message(text);
    void this.#drain();
    await this.#read(stream.body);
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      let end = rest.indexOf('\n\n');
      while (end >= 0) {
        const event = rest.slice(0, end);
        rest = rest.slice(end + 2);
        end = rest.indexOf('\n\n');
        if (this.#closed) return;
        if (event.startsWith('data: ')) this.#events.message(JSON.parse(event.slice(6)) as string);
      }
    }
  }

  /** One request at a time keeps the messages in order. */
  async #drain(): Promise<void> {
    if (this.#sending || this.#authorization === '') return;
    this.#sending = true;
    try {
      for (let text = this.#queue.shift(); text !== undefined; text = this.#queue.shift()) {
        const response = await this.#post('send', text, { authorization: this.#authorization });
        if (!response.ok) this.#close(`refused (${response.status})`);
      }
    } catch (error) {
      this.#close(error instanceof Error ? error.message : 'request failed');
    } finally {
      this.#sending = false;
      if (this.#finishing) this.close();
    }
  }
}
