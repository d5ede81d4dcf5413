import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { open } from '@crosspoint/sdp';
import bencode from 'bencode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NgClient } from './ng-client.ts';
import { RtpengineRelay } from './rtpengine-relay.ts';

/** What a scripted rtpengine heard, and what it says. */
class ScriptedRtpengine {
  readonly heard: { readonly cookie: string; readonly command: Record<string, unknown> }[] = [];
  say: (command: Record<string, unknown>) => string | undefined = () => 'd6:result4:ponge';
  readonly #socket: Socket = createSocket('udp4');

  async listen(): Promise<number> {
    this.#socket.on('message', (datagram, from) => this.#take(datagram, from));
    await new Promise<void>((resolve) => this.#socket.bind(0, '127.0.0.1', resolve));
    return this.#socket.address().port;
  }

  #take(datagram: Buffer, from: RemoteInfo): void {
    const space = datagram.indexOf(' ');
    const cookie = datagram.subarray(0, space).toString();
    const decoded = bencode.decode(datagram.subarray(space + 1)) as Record<string, unknown>;
    const text = (value: unknown): unknown =>
      value instanceof Uint8Array
        ? Buffer.from(value).toString()
        : Array.isArray(value)
          ? value.map(text)
          : value;
    const command = Object.fromEntries(Object.entries(decoded).map(([name, value]) => [name, text(value)]));
    this.heard.push({ cookie, command });
    const reply = this.say(command);
    if (reply !== undefined) this.#socket.send(`${cookie} ${reply}`, from.port, from.address);
  }

  close(): void {
    this.#socket.close();
  }
}

const string = (text: string): string => `${Buffer.byteLength(text)}:${text}`;

describe('rtpengine’s NG protocol', () => {
  let server: ScriptedRtpengine;
  let port: number;

  beforeEach(async () => {
    server = new ScriptedRtpengine();
    port = await server.listen();
  });
  afterEach(() => server.close());

  it('sends a request again under its cookie until there is an answer', async () => {
    server.say = () => (server.heard.length < 3 ? undefined : 'd6:result4:ponge');
    const client = new NgClient('127.0.0.1', port);
    expect(await client.request('ping')).toEqual({ result: 'pong' });
    expect(server.heard.map(({ cookie }) => cookie)).toEqual(new Array(3).fill(server.heard[0]!.cookie));
    client.close();
  });

  it('tells a refusal from silence, and passes garbage over', async () => {
    const client = new NgClient('127.0.0.1', port);
    server.say = () =>
      `d${string('error-reason')}${string('Unknown call-id')}${string('result')}${string('error')}e`;
    await expect(client.request('query')).rejects.toMatchObject({
      code: 'relay-refused',
      message: expect.stringContaining('Unknown call-id'),
    });
    server.say = () => 'dthis is no bencode';
    await expect(client.request('ping')).rejects.toMatchObject({ code: 'relay-unreachable' });
    client.close();
    await expect(client.request('ping')).rejects.toMatchObject({ code: 'closed' });
  });

  it('is asked with what each profile needs, and its answer made readable', async () => {
    const relay = new RtpengineRelay({ host: '127.0.0.1', port });
    const call = await relay.open('abc', { caller: 'rtp', callee: 'rtp' }, { transcodeTo: ['PCMU'] });
    const sdp =
      'v=0\r\no=- 1 1 IN IP4 10.9.1.1\r\ns=-\r\nc=IN IP4 10.9.1.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 0\r\na=extmap:1 urn:x\r\na=rtcp:30001\r\n';
    server.say = () => `d${string('result')}${string('ok')}${string('sdp')}${string(sdp)}e`;
    const offer = open(
      'v=0\r\no=- 1 1 IN IP4 10.9.0.1\r\ns=-\r\nc=IN IP4 10.9.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\nm=video 4002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n',
    );
    const offered = await call.offer('caller', offer);
    const { command } = server.heard.at(-1)!;
    expect(command).toMatchObject({
      command: 'offer',
      'from-tag': 'caller',
      ICE: 'remove',
      'transport-protocol': 'RTP/AVP',
      flags: expect.arrayContaining([
        'codec-mask-all',
        'codec-transcode-PCMU',
        'codec-transcode-telephone-event',
      ]),
    });
    expect(command).not.toHaveProperty('to-tag');
    expect(JSON.stringify(command)).not.toContain('passive');
    expect(command.sdp).not.toContain('m=video');
    expect(offered.text).not.toContain('extmap');
    expect(offered.mediaLine(0)).toMatchObject({ port: 30_000, formats: ['0'] });
    await call.close();
    expect(server.heard.at(-1)!.command.command).toBe('delete');
    expect(relay.size).toBe(0);
    await relay.close();
  });

  it.each([
    ['above the m-sections', ['a=ice-options:trickle ice2'], []],
    ['in the m-section', [], ['a=ice-options:trickle']],
    ['nowhere', [], []],
  ])(
    'is told in the m-section that a page’s candidates may come later: the page says so %s',
    async (_, above, within) => {
      const relay = new RtpengineRelay({ host: '127.0.0.1', port });
      const call = await relay.open('abc', { caller: 'webrtc', callee: 'rtp' });
      const phone =
        'v=0\r\no=- 1 1 IN IP4 10.9.1.1\r\ns=-\r\nt=0 0\r\nm=audio 30000 RTP/AVP 0\r\nc=IN IP4 10.9.1.1\r\na=rtcp:30001\r\n';
      server.say = () => `d${string('result')}${string('ok')}${string('sdp')}${string(phone)}e`;
      const page = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0', ...above];
      page.push('m=audio 9 UDP/TLS/RTP/SAVPF 0', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=rtcp-mux', ...within);
      page.push('a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuvwx', 'a=setup:actpass');
      page.push(`a=fingerprint:sha-256 ${new Array(32).fill('AB').join(':')}`, '');
      await call.offer('caller', open(page.join('\r\n')));
      const told = open(String(server.heard.at(-1)!.command.sdp));
      expect([told.all(-1, 'ice-options'), told.all(0, 'ice-options')]).toEqual([[], [['trickle']]]);
      await relay.close();
    },
  );
});
