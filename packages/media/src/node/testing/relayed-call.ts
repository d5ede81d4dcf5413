import { checkAnswer, type LazyDescription, lint, open } from '@crosspoint/sdp';
import { expect } from 'vitest';
import type { RelayedCall } from '../../relay/relay.ts';
import { encodeRtp } from '../../rtp/packet.ts';
import type { PlainPhone } from './plain-phone.ts';
import type { WebrtcPeer } from './webrtc-peer.ts';

export const AUDIO =
  'audio 111 0 8 110 126\na=rtpmap:111 opus/48000/2\na=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\na=rtpmap:110 telephone-event/48000\na=rtpmap:126 telephone-event/8000\na=sendrecv';
export const OPUS = 'audio 111\na=rtpmap:111 opus/48000/2\na=sendrecv';
export const VIDEO = 'video 96\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack\na=sendrecv';
export const DATA = 'application webrtc-datachannel\na=sctp-port:5000';
export const SSRC = 0xdecade;

export function rtp(
  payloadType: number,
  sequenceNumber: number,
  ssrc = SSRC,
  payload = new Uint8Array(160),
): Uint8Array {
  return encodeRtp({ payloadType, sequenceNumber, timestamp: 160 * sequenceNumber, ssrc, payload });
}

export function errorsOf(description: LazyDescription, profile: 'webrtc' | 'sip'): string[] {
  return lint(description.typed(), { profile })
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

export function answerErrors(offer: string, answer: LazyDescription, profile: 'webrtc' | 'sip'): string[] {
  return checkAnswer(open(offer).typed(), answer.typed(), { profile })
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

/** The page calls the phone; gives what both were told. */
export async function callPhone(
  {
    call,
    peer,
    phone,
  }: { readonly call: RelayedCall; readonly peer: WebrtcPeer; readonly phone: PlainPhone },
  media: readonly string[],
  formats: string,
  attributes: readonly string[] = [],
) {
  const offer = peer.offer(media);
  const offered = await call.offer('caller', open(offer));
  expect(errorsOf(offered, 'sip')).toEqual([]);
  phone.call(offered.text);
  const answer = phone.describe(formats, attributes);
  const answered = await call.answer('callee', open(answer));
  expect(errorsOf(answered, 'webrtc')).toEqual([]);
  expect(answerErrors(offer, answered, 'webrtc')).toEqual([]);
  peer.connect(answered.text);
  return { offer, offered, answer, answered };
}

/** Both ends of DTLS are up: one may be so before the other. */
export async function bothUp(call: RelayedCall, peer: WebrtcPeer): Promise<void> {
  expect(await peer.up()).toBe('connected');
  peer.send(rtp(99, 0));
  await expect.poll(async () => (await call.statistics()).callerToCallee.refused.payloadType).toBe(1);
}
