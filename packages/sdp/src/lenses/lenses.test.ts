import { parseCandidate } from '@crosspoint/ice';
import { describe, expect, it } from 'vitest';
import type { SessionDescription } from '../description.ts';
import { corpus } from '../fuzz/corpus.ts';
import { attributeLine, lineFrom } from '../make-line.ts';
import { parse } from '../parse.ts';
import { SdpError } from '../sdp-error.ts';
import { write } from '../write.ts';
import {
  addAttribute,
  attribute,
  attributes,
  withAttribute,
  withMedia,
  withoutAttribute,
} from './attributes.ts';
import { bundleGroups, mediaByMid, transportMedia } from './bundle.ts';
import { codecParameter, codecs } from './codecs.ts';
import { direction, reverseDirection, setDirection } from './direction.ts';
import { dtlsRole, fingerprints, sameFingerprints } from './dtls.ts';
import { addCandidates, candidates, canTrickle, iceCredentials, isIceLite, removeCandidates } from './ice.ts';
import { effectiveConnection, rejectMedia, withConnection, withMediaLine, withOrigin } from './media-line.ts';
import { restrictCodecs } from './restrict-codecs.ts';

const TEXTS = new Map(corpus().map(({ name, text }) => [name, text]));

function recorded(name: string): SessionDescription {
  return parse(TEXTS.get(`${name}.sdp`)!);
}

describe('attributes', () => {
  const description = recorded('made-chrome-av-cand');

  it('reads typed values by name', () => {
    const [audio, video] = description.media;
    expect(attribute(audio!, 'mid')).toBe('0');
    expect(attribute(audio!, 'rtcp-mux')).toBe(true);
    expect(attribute(video!, 'ptime')).toBeUndefined();
    expect(attributes(audio!, 'rtpmap')[0]).toEqual({
      payloadType: 111,
      name: 'opus',
      clockRate: 48000,
      channels: 2,
    });
  });

  it('changes one line, keeps every other byte and shares what did not change', () => {
    const changed = withMedia(description, 0, (media) => withAttribute(media, 'setup', 'active'));
    expect(write(changed)).toBe(write(description).replace('a=setup:actpass', 'a=setup:active'));
    expect(changed.media[1]).toBe(description.media[1]);
    expect(changed.session).toBe(description.session);
    expect(attribute(description.media[0]!, 'setup')).toBe('actpass');
  });

  it('adds, and takes away', () => {
    const added = addAttribute(description.media[0]!, 'ptime', 20);
    expect(added.text).toBe(`${description.media[0]!.text}a=ptime:20\r\n`);
    expect(withoutAttribute(added, 'ptime').text).toBe(description.media[0]!.text);
    expect(withoutAttribute(added, 'maxptime')).toBe(added);
  });

  it('keeps the line endings of the text it changes, and ends an unended last line', () => {
    const text = 'v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\nm=audio 9 RTP/AVP 0\na=mid:0';
    const changed = withMedia(parse(text), 0, (media) =>
      addAttribute(withAttribute(media, 'mid', '7'), 'ptime', 20),
    );
    expect(write(changed)).toBe(`${text.replace('mid:0', 'mid:7')}\na=ptime:20\n`);
  });

  it('refuses a value that would break out of its line', () => {
    expect(() => attributeLine('mid', '0\r\na=ice-lite')).toThrow(SdpError);
    expect(() => lineFrom('a=x\r\na=y')).toThrow(SdpError);
    expect(lineFrom('a=x:1')).toEqual({
      kind: 'attribute',
      value: { name: 'x', text: '1' },
      raw: 'a=x:1\r\n',
    });
  });
});

describe('codecs', () => {
  it('joins rtpmap, fmtp and feedback, and knows the static types', () => {
    const [opus, red, g722, pcmu] = codecs(recorded('made-chrome-audio-answer').media[0]!);
    expect(opus).toMatchObject({ payloadType: 111, name: 'opus', clockRate: 48000, channels: 2 });
    expect(opus?.feedback).toEqual([{ format: '111', type: 'transport-cc', parameter: undefined }]);
    expect(codecParameter(opus!, 'USEINBANDFEC')).toBe('1');
    expect(red?.parameters).toEqual([{ name: '111/111', value: undefined }]);
    expect([g722?.name, pcmu?.name]).toEqual(['G722', 'PCMU']);
    const bare = parse('v=0\r\no=- 1 1 IN IP4 ::1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 8 18\r\n').media[0]!;
    expect(codecs(bare).map(({ name, clockRate }) => `${name}/${clockRate}`)).toEqual([
      'PCMA/8000',
      'G729/8000',
    ]);
  });

  it('restricts to one codec and leaves nothing of the others', () => {
    const video = recorded('made-chrome-av-nocand').media[1]!;
    const cut = restrictCodecs(video, ({ name }) => ['VP8', 'rtx'].includes(name));
    const vp8 = codecs(video).find(({ name }) => name === 'VP8')!;
    const rtx = codecs(video).find((codec) => codecParameter(codec, 'apt') === String(vp8.payloadType))!;
    expect(cut.formats).toEqual([String(vp8.payloadType), String(rtx.payloadType)]);
    expect(attributes(cut, 'rtpmap').length).toBe(2);
    expect(attributes(cut, 'fmtp').map(({ format }) => format)).toEqual([String(rtx.payloadType)]);
    expect(new Set(attributes(cut, 'rtcp-fb').map(({ format }) => format))).toEqual(
      new Set([cut.formats[0]]),
    );
    expect(attribute(cut, 'mid')).toBe('1');
  });

  it('takes red away with what it carries, and rejects what has nothing left', () => {
    const audio = recorded('made-chrome-audio-nocand').media[0]!;
    const names = codecs(restrictCodecs(audio, ({ name }) => name !== 'opus')).map(({ name }) => name);
    expect(names).not.toContain('red');
    expect(names).toContain('PCMU');
    expect(restrictCodecs(audio, () => false).port).toBe(0);
    expect(restrictCodecs(audio, () => true)).toBe(audio);
  });
});

describe('direction', () => {
  it('is its own, else the session level one, else sendrecv', () => {
    const { session, media } = recorded('made-chrome-audio-answer');
    expect(direction(media[0]!, session)).toBe('recvonly');
    const held = setDirection(session, 'inactive');
    expect(direction(withoutAttribute(media[0]!, 'recvonly'), held)).toBe('inactive');
    expect(direction(withoutAttribute(media[0]!, 'recvonly'), session)).toBe('sendrecv');
    expect(setDirection(media[0]!, 'sendonly').text).toBe(media[0]!.text.replace('recvonly', 'sendonly'));
    expect(reverseDirection('sendonly')).toBe('recvonly');
  });
});

describe('ice, dtls, bundle', () => {
  it('looks at the m-section, then at the session', () => {
    const baresip = recorded('baresip-chrome-in-opus-02-rx-INVITE_sip_ai4mqprk_7j2fe3famsns_invalid');
    const media = baresip.media[0]!;
    expect(iceCredentials(baresip, media)).toEqual({
      ufrag: 'q2TFkHS',
      pwd: 'fwbol0kcF5Fjw2eixUhoTM5yePzl7qS',
    });
    expect(dtlsRole(baresip, media)).toBe('actpass');
    const [print] = fingerprints(baresip, media);
    expect(print?.hash).toBe('SHA-256');
    expect(sameFingerprints([print!], [{ hash: 'sha-256', value: print!.value.toLowerCase() }])).toBe(true);
    expect(isIceLite(baresip)).toBe(false);
    expect(canTrickle(baresip)).toBe(false);
    expect(canTrickle(recorded('made-ndc-avd-cand'))).toBe(true);
  });

  it('adds and removes candidates', () => {
    const media = recorded('made-chrome-audio-nocand').media[0]!;
    const value = 'candidate:1 1 udp 2122260223 10.9.0.1 40896 typ host generation 0';
    const added = addCandidates(media, [parseCandidate(value)]);
    expect(added.text).toBe(`${media.text}a=${value}\r\n`);
    expect(candidates(added).length).toBe(1);
    expect(removeCandidates(added).text).toBe(media.text);
    expect(removeCandidates(added, ({ type }) => type === 'relay')).toBe(added);
  });

  it('knows whose transport counts', () => {
    const description = recorded('made-ndc-avd-cand');
    expect(bundleGroups(description)).toEqual([['0', '1', '2']]);
    expect(transportMedia(description, 2)).toBe(description.media[0]);
    expect(mediaByMid(description, '2')?.media).toBe('application');
    const rejected = withMedia(description, 0, rejectMedia);
    expect(transportMedia(rejected, 2)).toBe(rejected.media[1]);
  });
});

describe('m=, c= and o=', () => {
  it('changes their fields only', () => {
    const description = recorded('plain-answer-audio-avpf');
    const next = withOrigin(description, { sessionVersion: '2' });
    expect(write(next)).toBe(write(description).replace('o=- 1 1 ', 'o=- 1 2 '));
    const media = withMediaLine(description.media[0]!, { protocol: 'RTP/AVP', port: 5004 });
    expect([media.text.split('\r\n')[0], media.protocol]).toEqual(['m=audio 5004 RTP/AVP 0 101', 'RTP/AVP']);
    const connected = withConnection(media, { netType: 'IN', addressType: 'IP4', address: '192.0.2.1' });
    expect(connected.text.split('\r\n')[1]).toBe('c=IN IP4 192.0.2.1');
    expect(effectiveConnection(description, media)?.address).toBe('10.9.0.1');
    expect(effectiveConnection(description, connected)?.address).toBe('192.0.2.1');
  });
});
