import { afterEach, describe, expect, it } from 'vitest';
import { type Hub, startHub } from './testing/hub.ts';
import { RawClient } from './testing/raw-client.ts';

let hub: Hub;
afterEach(() => hub.close());

const HELLO = '{"type":"hello","version":1,"client":"x"}';

function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${hub.http}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', ...headers },
    body,
  });
}

async function opened(): Promise<{ session: string; secret: string; authorization: string }> {
  const response = await post('open', HELLO);
  expect(response.status).toBe(200);
  const { session, secret } = (await response.json()) as { session: string; secret: string };
  return { session, secret, authorization: `Bearer ${session}.${secret}` };
}

describe('the HTTP door', () => {
  it('answers the first message, and says what is wrong with it', async () => {
    hub = await startHub();
    await opened();
    for (const [body, code] of [
      ['{"type":"ping"}', 'bad-message'],
      ['', 'bad-message'],
      ['{"type":"hello","version":7,"client":"x"}', 'wrong-version'],
    ] as const) {
      const response = await post('open', body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ type: 'error', code });
    }
  });

  it('knows who sends by the whole bearer', async () => {
    hub = await startHub();
    const { session, secret, authorization } = await opened();
    for (const wrong of [
      undefined,
      'Bearer',
      `Bearer ${session}`,
      `Bearer ${session}.${'x'.repeat(32)}`,
      `Bearer other.${secret}`,
      `Basic ${session}.${secret}`,
    ]) {
      const headers: Record<string, string> = wrong === undefined ? {} : { authorization: wrong };
      expect((await post('send', '{"type":"ping"}', headers)).status).toBe(401);
      expect((await fetch(`${hub.http}/events`, { headers })).status).toBe(401);
    }
    expect((await post('send', '{"type":"ping"}', { authorization })).status).toBe(204);
  });

  it('does not know a session by a secret once its connection is a WebSocket', async () => {
    hub = await startHub();
    const { session, secret, authorization } = await opened();
    const client = await RawClient.opened(hub.ws);
    client.say(JSON.stringify({ type: 'resume', session, secret, received: 0 }));
    expect((await client.next('welcome')).head).toMatchObject({ resumed: true });
    expect((await post('send', '{"type":"ping"}', { authorization })).status).toBe(401);
  });

  it('refuses foreign pages and takes the own one', async () => {
    hub = await startHub({ origins: ['https://friend.example'] });
    const { authorization } = await opened();
    const foreign = { origin: 'https://evil.example', authorization };
    expect((await post('open', HELLO, foreign)).status).toBe(403);
    expect((await post('send', '{"type":"ping"}', foreign)).status).toBe(403);
    expect((await fetch(`${hub.http}/events`, { headers: foreign })).status).toBe(403);
    for (const origin of [`http://127.0.0.1:${hub.port}`, 'https://friend.example'])
      expect((await post('open', HELLO, { origin })).status).toBe(200);
  });

  it('refuses what is no UTF-8, too long or of another kind', async () => {
    hub = await startHub();
    const { authorization } = await opened();
    expect((await post('send', Uint8Array.from([0xc3, 0x28]), { authorization })).status).toBe(400);
    expect((await post('send', 'x'.repeat(800_000), { authorization })).status).toBe(413);
    expect((await post('send', '{}', { authorization, 'content-type': 'image/png' })).status).toBe(415);
  });

  it('gives each message as a JSON string, and those that waited first', async () => {
    hub = await startHub();
    const { authorization } = await opened();
    await post('send', '{"type":"register","name":"alice","seq":1}', { authorization });
    const response = await fetch(`${hub.http}/events`, { headers: { authorization } });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('presence')) text += (await reader.read()).value ?? '';
    const messages = text
      .split('\n\n')
      .filter((event) => event.startsWith('data: '))
      .map((event) => JSON.parse(JSON.parse(event.slice(6)) as string) as { type: string });
    expect(messages.map(({ type }) => type)).toEqual(['registered', 'presence']);
    await reader.cancel();
  });

  it('ends the stream of a connection that is refused, its error before it', async () => {
    hub = await startHub();
    const { authorization } = await opened();
    const response = await fetch(`${hub.http}/events`, { headers: { authorization } });
    expect((await post('send', '{"type":', { authorization })).status).toBe(410);
    const text = await response.text();
    expect(text).toContain('bad-message');
  });
});
