import { EventLines } from './event-lines.ts';
import { CLOSE_TIMEOUT_MS, OPEN_TIMEOUT_MS, type OpenLink } from './web-link.ts';

/** `POST open`, then a stream of server-sent events one way and a `POST send` for each message the other way. */
export const openHttpLink: OpenLink = (server, first, events) => {
  const abort = new AbortController();
  const at = (path: string): URL => new URL(`/signal/${path}`, server);
  const text = { 'content-type': 'text/plain' };
  let authorization = '';
  let over = false;
  /** One request at a time: order is the order of the requests. */
  let turn: Promise<void> = Promise.resolve();

  const end = (why: string): void => {
    if (over) return;
    over = true;
    abort.abort();
    events.closed(why);
  };
  const deliver = (message: string): void => {
    if (!over) events.message(message);
  };

  const run = async (): Promise<void> => {
    const late = setTimeout(() => end('no answer in time'), OPEN_TIMEOUT_MS);
    const opened = await fetch(at('open'), {
      method: 'POST',
      headers: text,
      body: first,
      signal: abort.signal,
    });
    const welcome = await opened.text();
    if (!opened.ok) {
      clearTimeout(late);
      if (opened.status === 400) deliver(welcome);
      return end(`refused with status ${opened.status}`);
    }
    const { session, secret } = JSON.parse(welcome) as { session?: unknown; secret?: unknown };
    authorization = `Bearer ${session}.${secret}`;
    const stream = await fetch(at('events'), { headers: { authorization }, signal: abort.signal });
    clearTimeout(late);
    if (!stream.ok || stream.body === null) return end(`no events: status ${stream.status}`);
    deliver(welcome);
    const lines = new EventLines();
    const utf8 = new TextDecoder();
    for await (const chunk of stream.body) {
      for (const data of lines.take(utf8.decode(chunk as Uint8Array, { stream: true }))) {
        const message: unknown = JSON.parse(data);
        if (typeof message === 'string') deliver(message);
      }
    }
    end('the stream ended');
  };
  run().catch((error: unknown) => end(causeOf(error)));

  return {
    send(message) {
      turn = turn.then(async () => {
        if (over) return;
        const headers = { ...text, authorization };
        try {
          const reply = await fetch(at('send'), {
            method: 'POST',
            headers,
            body: message,
            signal: abort.signal,
          });
          await reply.arrayBuffer();
          if (!reply.ok) end(`sending was refused with status ${reply.status}`);
        } catch (error) {
          end(causeOf(error));
        }
      });
    },
    cut: () => end('cut'),
    close() {
      const timer = setTimeout(() => end('closed'), CLOSE_TIMEOUT_MS);
      turn = turn.then(() => {
        clearTimeout(timer);
        end('closed');
      });
      return turn;
    },
  };
};

/** `fetch` says "fetch failed" and hides the reason in its cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
