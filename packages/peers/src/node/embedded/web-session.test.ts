import { describe, expect, it } from 'vitest';
import type { OpenLink, WebLinkEvents } from './web-link.ts';
import { type Head, WebSession } from './web-session.ts';

/** The server's end of the connections that a session opens, one after another. */
function tinyServer() {
  const links: { first: Head; sent: string[]; events: WebLinkEvents; cut: boolean }[] = [];
  const told: string[] = [];
  const got: [string, string | undefined][] = [];
  let woken: () => void = () => {};
  const open: OpenLink = (_server, first, events) => {
    const link = { first: JSON.parse(first) as Head, sent: [] as string[], events, cut: false };
    links.push(link);
    woken();
    const end = (): void => {
      link.cut = true;
      events.closed('cut');
    };
    return { send: (text) => link.sent.push(text), cut: end, close: async () => end() };
  };
  const session = new WebSession(open, 'http://127.0.0.1/', {
    message: (head, sdp) => got.push([String(head.type), sdp]),
    state: (state) => told.push(state),
    trouble: (words) => told.push(words),
  });
  session.start();
  const welcome = (received: number, resumed: boolean): void =>
    links
      .at(-1)!
      .events.message(JSON.stringify({ type: 'welcome', session: 'S', secret: 'X', resumed, received }));
  const say = (head: object, sdp?: string): void =>
    links.at(-1)!.events.message(JSON.stringify(head) + (sdp === undefined ? '' : `\n${sdp}`));
  /** What was sent on the last connection, pings left out. */
  const sent = (): Head[] =>
    links
      .at(-1)!
      .sent.map((text) => JSON.parse(text.split('\n')[0]!) as Head)
      .filter(({ type }) => type !== 'ping');
  const nextLink = (): Promise<void> =>
    new Promise((resolve) => {
      woken = resolve;
    });
  return { session, links, told, got, welcome, say, sent, nextLink };
}

describe('a session of the web protocol', () => {
  it('says hello, and holds back what is numbered until it is welcome', () => {
    const { session, links, welcome, sent } = tinyServer();
    session.send({ type: 'register', name: 'alice' });
    expect(links[0]!.first).toEqual({ type: 'hello', version: 1, client: expect.any(String) });
    expect(sent()).toEqual([]);
    welcome(0, false);
    expect(sent()).toEqual([{ type: 'register', name: 'alice', seq: 1, ack: 0 }]);
  });

  it('sends a description behind its head as it is', () => {
    const { session, links, welcome } = tinyServer();
    welcome(0, false);
    session.send({ type: 'call', call: 'c', to: 'bob' }, 'v=0\r\n"\\\r\n');
    expect(links[0]!.sent.at(-1)).toBe(
      '{"type":"call","call":"c","to":"bob","seq":1,"ack":0}\nv=0\r\n"\\\r\n',
    );
  });

  it('takes each number once, and acknowledges after sixteen', () => {
    const { welcome, say, sent, got } = tinyServer();
    welcome(0, false);
    for (let seq = 1; seq <= 15; seq++) say({ type: 'presence', seq });
    say({ type: 'presence', seq: 3 });
    expect([got.length, sent()]).toEqual([15, []]);
    say({ type: 'incoming', seq: 16 }, 'v=0\r\n');
    expect(got.at(-1)).toEqual(['incoming', 'v=0\r\n']);
    expect(sent()).toEqual([{ type: 'ack', received: 16 }]);
  });

  it('ends a connection with a gap in it, and resumes where it was whole', async () => {
    const { session, links, welcome, say, told, nextLink, got } = tinyServer();
    welcome(0, false);
    say({ type: 'presence', seq: 1 });
    const again = nextLink();
    say({ type: 'presence', seq: 3 });
    expect(links[0]!.cut).toBe(true);
    expect(told).toEqual(['open', 'the server sent message 3 after 1', 'lost']);
    await again;
    expect(links[1]!.first).toEqual({ type: 'resume', session: 'S', secret: 'X', received: 1 });
    expect(got).toHaveLength(1);
    await session.end();
  });

  it('sends again what the server does not have, and nothing else', () => {
    const { session, links, welcome, sent, told, say } = tinyServer();
    welcome(0, false);
    for (const type of ['a', 'b', 'c', 'd']) session.send({ type });
    say({ type: 'presence', seq: 1, ack: 1 });
    session.cut();
    session.send({ type: 'e' });
    expect(links).toHaveLength(1);
    session.restore();
    welcome(2, true);
    expect(sent().map(({ type, seq, ack }) => [type, seq, ack])).toEqual([
      ['c', 3, 1],
      ['d', 4, 1],
      ['e', 5, 1],
    ]);
    expect(told).toEqual(['open', 'lost', 'open']);
  });

  it('begins anew where the server forgot it', () => {
    const { session, links, welcome, sent, told, say } = tinyServer();
    welcome(0, false);
    session.send({ type: 'register' });
    session.cut();
    session.restore();
    say({ type: 'error', code: 'unknown-session', text: '' });
    expect(told).toEqual(['open', 'lost', 'over']);
    expect(links.map(({ first }) => first.type)).toEqual(['hello', 'resume', 'hello']);
    session.send({ type: 'register' });
    welcome(0, false);
    expect(sent()).toEqual([{ type: 'register', seq: 1, ack: 0 }]);
  });
});
