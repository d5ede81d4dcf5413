import { describe, expect, it } from 'vitest';
import { engineRemote, readEngine } from './engine-sdp.ts';
import { EventLines } from './event-lines.ts';
import { toEngineServers } from './ice-servers.ts';

describe('server-sent events', () => {
  it('are cut wherever the network cuts them', () => {
    const stream = 'retry: 1\n\ndata: "a\\r\\nb"\n\n: keep-alive\n\ndata:"c"\r\n\r\ndata: x\ndata: y\n\n';
    for (let at = 0; at <= stream.length; at++) {
      const lines = new EventLines();
      expect([...lines.take(stream.slice(0, at)), ...lines.take(stream.slice(at))]).toEqual([
        '"a\\r\\nb"',
        '"c"',
        'x\ny',
      ]);
    }
  });

  it('must end some time', () => {
    expect(() => new EventLines().take('x'.repeat(3_000_000))).toThrow('without end');
  });
});

describe('ICE servers', () => {
  it('are those that libjuice can use, with credentials that hold a colon', () => {
    expect(
      toEngineServers([
        { urls: ['stun:192.0.2.1', 'stuns:192.0.2.1', 'http://x'] },
        {
          urls: ['turn:[fd00::1]:3479?transport=udp', 'turn:192.0.2.1?transport=tcp', 'turns:192.0.2.1'],
          username: '1700000000:alice',
          credential: 'pw',
        },
        { urls: ['turn:192.0.2.1'] },
      ]),
    ).toEqual([
      'stun:192.0.2.1:3478',
      {
        hostname: 'fd00::1',
        port: 3479,
        username: '1700000000:alice',
        password: 'pw',
        relayType: 'TurnUdp',
      },
    ]);
  });
});

describe('what libdatachannel is told and tells', () => {
  const remote = {
    ufrag: 'abcd',
    password: 'abcdefghijklmnopqrstuv',
    fingerprint: 'sha-256 AA:BB',
    setup: 'actpass',
  } as const;

  it('is one audio section, and data where it was agreed', () => {
    expect(engineRemote(remote, false).match(/^m=\w+/gm)).toEqual(['m=audio']);
    expect(engineRemote(remote, true).match(/^m=\w+/gm)).toEqual(['m=audio', 'm=application']);
    expect(readEngine(engineRemote(remote, true))).toEqual(remote);
  });

  it('is said plainly where something is missing', () => {
    const sdp = engineRemote(remote, false);
    expect(() => readEngine(sdp.replace(/a=ice-pwd.*/g, ''))).toThrow('no a=ice-pwd');
    expect(() => readEngine(sdp.replace(/actpass/g, 'holdconn'))).toThrow('a=setup:holdconn');
  });
});
