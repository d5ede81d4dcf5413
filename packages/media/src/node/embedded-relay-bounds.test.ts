import { open } from '@crosspoint/sdp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RelayedCall } from '../relay/relay.ts';
import { RelayError } from '../relay/relay-error.ts';
import { decodeRtp } from '../rtp/packet.ts';
import { EmbeddedRelay } from './embedded-relay.ts';
import { PlainPhone } from './testing/plain-phone.ts';
import { AUDIO, bothUp, callPhone, rtp } from './testing/relayed-call.ts';
import { WebrtcPeer } from './testing/webrtc-peer.ts';

describe('the bounds of the embedded relay', () => {
  let relay: EmbeddedRelay;
  let call: RelayedCall;
  let peer: WebrtcPeer;
  let phone: PlainPhone;

  beforeEach(async () => {
    relay = new EmbeddedRelay({ address: '127.0.0.1' });
    peer = new WebrtcPeer();
    phone = await PlainPhone.open();
  });

  afterEach(async () => {
    await relay.close();
    expect(relay.size).toBe(0);
    peer.close();
    phone.close();
  });

  const begin = async (): Promise<void> => {
    call = await relay.open('call', { caller: 'webrtc', callee: 'rtp' });
  };

  it('checks candidates that were trickled while the phone rang', async () => {
    await begin();
    const offer = peer.offer([AUDIO]);
    const lines = offer.match(/^a=candidate:.*$/gm)!.map((line) => line.slice('a='.length));
    const offered = await call.offer('caller', open(offer.replace(/^a=candidate:.*\r\n/gm, '')));
    call.candidates('caller', [
      { candidate: 'candidate:9 1 udp 1 hidden.local 9 typ host', mid: '0' },
      ...lines.map((candidate) => ({ candidate, mid: '0' })),
      { candidate: '' },
    ]);
    phone.call(offered.text);
    const answered = await call.answer('callee', open(phone.describe('0')));
    // Without the relay's candidates the page cannot begin: the relay must.
    peer.connect(answered.text.replace(/^a=candidate:.*\r\n/gm, ''));
    await bothUp(call, peer);
    peer.send(rtp(0, 1));
    await phone.packets(1);
    expect(phone.received).toHaveLength(1);
  });

  it('refuses to restart ICE, and the call goes on', async () => {
    await begin();
    await callPhone({ call, peer, phone }, [AUDIO], '0');
    await peer.up();
    const restart = peer.offer([AUDIO]).replace(/a=ice-ufrag:.*/g, 'a=ice-ufrag:anew');
    await expect(call.offer('caller', open(restart))).rejects.toMatchObject({ code: 'ice-restart' });
    peer.send(rtp(0, 1));
    await phone.packets(1);
    expect(phone.received).toHaveLength(1);
  });

  it('carries no media where the certificate is not the signalled one, and says so', async () => {
    await begin();
    const offer = peer
      .offer([AUDIO])
      .replace(/(a=fingerprint:sha-256 )(..)/g, (_, name, octet) => `${name}${octet === '00' ? '01' : '00'}`);
    const offered = await call.offer('caller', open(offer));
    phone.call(offered.text);
    const answered = await call.answer('callee', open(phone.describe('0')));
    peer.connect(answered.text);
    expect(await call.failed).toContain('RFC 8827 section 6.5');
    expect((await call.statistics()).callerToCallee.packets).toBe(0);
  });

  it('follows a phone whose port is not the one it signalled, and never a stranger', async () => {
    await begin();
    const natted = await PlainPhone.open();
    const { offered } = await callPhone({ call, peer, phone }, [AUDIO], '0');
    await bothUp(call, peer);
    natted.call(offered.text);
    natted.rtp.send(rtp(0, 1, 5));
    await peer.packets(1);
    // Latched: the signalled port is a stranger now, and nothing goes there.
    phone.rtp.send(rtp(0, 2, 6));
    natted.rtp.send(rtp(0, 3, 5));
    await peer.packets(2);
    expect(peer.received.map((packet) => decodeRtp(packet).sequenceNumber)).toEqual([1, 3]);
    expect((await call.statistics()).calleeToCaller.refused.strangers).toBe(1);
    peer.send(rtp(0, 4));
    await natted.packets(1);
    expect(phone.received).toHaveLength(0);
    natted.close();
  });

  it('survives garbage on its ports', async () => {
    await begin();
    const { offered } = await callPhone({ call, peer, phone }, [AUDIO], '0');
    await bothUp(call, peer);
    for (let at = 0; at < 300; at++) phone.rtp.send(Buffer.alloc(at % 40, at));
    phone.rtp.send(rtp(0, 1, 5));
    await peer.packets(1);
    expect(peer.received).toHaveLength(1);
    expect(offered.mediaCount).toBe(1);
    expect((await call.statistics()).calleeToCaller.refused.malformed).toBeGreaterThan(100);
  });

  it('lets only so many packets a second through', async () => {
    await relay.close();
    relay = new EmbeddedRelay({ address: '127.0.0.1', packetsPerSecond: 5 });
    await begin();
    await callPhone({ call, peer, phone }, [AUDIO], '0');
    await peer.up();
    for (let at = 0; at < 60; at++) peer.send(rtp(0, at));
    await phone.packets(5);
    await expect.poll(async () => (await call.statistics()).callerToCallee.refused.rate).toBeGreaterThan(40);
  });

  it('has limits and closes', async () => {
    await relay.close();
    relay = new EmbeddedRelay({ address: '127.0.0.1', calls: 1 });
    await begin();
    await expect(relay.open('second', { caller: 'webrtc', callee: 'rtp' })).rejects.toMatchObject({
      code: 'too-many',
    });
    await call.close();
    await call.close();
    expect(relay.size).toBe(0);
    await expect(call.offer('caller', open(peer.offer([AUDIO])))).rejects.toMatchObject({ code: 'closed' });
    await expect(call.answer('caller', open(phone.describe('0')))).rejects.toBeInstanceOf(RelayError);
  });
});
