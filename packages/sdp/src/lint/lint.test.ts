import { describe, expect, it } from 'vitest';
import { corpus } from '../fuzz/corpus.ts';
import { judge } from '../judge.ts';
import { parse } from '../parse.ts';
import { lint } from './lint.ts';

const CORPUS = corpus();
const BROWSER = /^(chromium|firefox|made-chrome|made-firefox|x[34]-chrome|stanza-.*-local)/;
const OFFER = CORPUS.find(({ name }) => name === 'made-chrome-av-cand.sdp')!.text;

function errors(text: string): string[] {
  return lint(parse(text), { profile: 'webrtc' })
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}

function all(text: string, profile: 'webrtc' | 'sip' | 'any' = 'webrtc'): string[] {
  return lint(parse(text), { profile }).map(({ code }) => code);
}

describe('lint', () => {
  it('finds no error in anything a browser sent', () => {
    const browser = CORPUS.filter(({ name }) => BROWSER.test(name));
    expect(browser.length).toBeGreaterThan(70);
    for (const { name, text } of browser) expect(errors(text), name).toEqual([]);
  });

  it('finds no error for SIP in anything that was sent, but what stanza leaves out', () => {
    for (const { name, text } of CORPUS) {
      const found = lint(parse(text), { profile: 'sip' }).filter(({ severity }) => severity === 'error');
      const expected = /^stanza-.*-remote-/.test(name) ? ['ice-no-candidates'] : [];
      const codes = new Set(found.map(({ code }) => code));
      for (const code of codes) expect(expected, `${name}: ${code}`).toContain(code);
    }
  });

  it('gives a place that stands in the text', () => {
    const text = OFFER.replace(/m=video \d+ /, 'm=video 70000 ').replace('a=mid:1', 'a=mid:0');
    for (const finding of lint(parse(text), { profile: 'webrtc' })) {
      expect(text.split('\r\n')[finding.line - 1]?.length).toBeGreaterThanOrEqual(finding.column - 1);
      expect(finding.clause).toMatch(/^(RFC \d{4}|draft-)/);
    }
    const port = lint(parse(text)).find(({ code }) => code === 'port-range')!;
    expect(text.split('\r\n')[port.line - 1]).toMatch(/^m=video/);
    expect(port.mediaIndex).toBe(1);
  });

  it.each([
    ['trailing-space', OFFER.replace(/^(m=audio .*)\r/m, '$1  \r')],
    ['sip-no-rtcp-mux', OFFER.replaceAll('a=rtcp-mux\r\n', '')],
    ['dtls-missing', OFFER.replaceAll(/a=fingerprint:.*\r\n/g, '')],
    ['dtls-missing', OFFER.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['dtls-setup-missing', OFFER.replaceAll(/a=setup:.*\r\n/g, '')],
    ['ice-missing', OFFER.replaceAll(/a=ice-(ufrag|pwd):.*\r\n/g, '')],
    ['ice-credentials-incomplete', OFFER.replaceAll(/a=ice-pwd:.*\r\n/g, '')],
    ['ice-ufrag-length', OFFER.replace(/a=ice-ufrag:.*\r/, 'a=ice-ufrag:abc\r')],
    ['ice-pwd-length', OFFER.replace(/a=ice-pwd:.*\r/, 'a=ice-pwd:abc\r')],
    ['ice-lite-session', OFFER.replace('a=mid:0', 'a=ice-lite\r\na=mid:0')],
    ['te-clock', OFFER.replaceAll(/telephone-event\/\d+/g, 'telephone-event/16000')],
    ['g722-clock', OFFER.replace('G722/8000', 'G722/16000')],
    ['opus-rtpmap', OFFER.replace('opus/48000/2', 'opus/48000')],
    ['mid-duplicate', OFFER.replace('a=mid:1', 'a=mid:0')],
    ['group-mid-unknown', OFFER.replace('a=mid:1', 'a=mid:x')],
    ['bundle-rejected', OFFER.replace(/m=video \d+ /, 'm=video 0 ')],
    ['payload-type-duplicate', OFFER.replace('SAVPF 111', 'SAVPF 111 111')],
    ['rtpmap-missing', OFFER.replace('SAVPF 111', 'SAVPF 99 111')],
    ['rtx-apt', OFFER.replace('apt=96', 'apt=95')],
    [
      'payload-type-rtcp',
      OFFER.replace('SAVPF 111', 'SAVPF 72 111').replace('a=rtcp-mux', 'a=rtpmap:72 x/8000\r\na=rtcp-mux'),
    ],
    ['extmap-duplicate', OFFER.replace('a=extmap:2 ', 'a=extmap:1 ')],
    ['fingerprint-malformed', OFFER.replace(/(a=fingerprint:sha-256 ..):/, '$1')],
    ['direction-duplicate', OFFER.replace('a=sendrecv', 'a=sendrecv\r\na=sendonly')],
    ['candidate-priority', OFFER.replace(/ udp 2\d+ /, ' udp 0 ')],
    ['attribute-malformed', OFFER.replace(/a=candidate:\d+ /, 'a=candidate: ')],
    [
      'hold-zero',
      OFFER.replace(/m=audio \d+ /, 'm=audio 5004 ').replace(/c=IN IP4 [\d.]+/, 'c=IN IP4 0.0.0.0'),
    ],
    ['address-type', OFFER.replace(/c=IN IP4 [\d.]+/, 'c=IN IP4 ::1')],
    ['origin-missing', OFFER.replace(/o=.*\r\n/, '')],
    ['timing-missing', OFFER.replace(/t=.*\r\n/, '')],
    ['line-unknown', OFFER.replace('t=0 0\r\n', 't=0 0\r\ny=1\r\n')],
    ['line-duplicate', OFFER.replace('s=-\r\n', 's=-\r\ns=-\r\n')],
    ['format-missing', OFFER.replace(/(m=audio \d+ UDP\/TLS\/RTP\/SAVPF).*\r/, '$1\r')],
    ['connection-missing', OFFER.replaceAll(/c=.*\r\n/g, '')],
  ])('says error %s', (code, text) => {
    expect(text).not.toBe(OFFER);
    expect(errors(OFFER)).not.toContain(code);
    expect(errors(text)).toContain(code);
  });

  it.each([
    ['sip-no-mid', OFFER.replaceAll(/a=mid:.*\r\n/g, '').replace(/a=group:.*\r\n/, '')],
    [
      'ice-mdns',
      OFFER.replace(/(a=candidate:\d+ 1 udp \d+) \S+/, '$1 9b36eaac-bb2e-49bb-bb78-21c41c499900.local'),
    ],
    ['line-order', OFFER.replace('s=-\r\nt=0 0\r\n', 't=0 0\r\ns=-\r\n')],
    ['line-ending', OFFER.replace('t=0 0\r\n', 't=0 0\n')],
    ['line-ending-missing', OFFER.slice(0, -2)],
    ['blank-line', `${OFFER}\r\n`],
    ['trailing-space', OFFER.replace('a=mid:0', 'a=mid:0 ')],
    ['attribute-level', OFFER.replace('t=0 0\r\n', 't=0 0\r\na=rtcp-mux\r\n')],
    ['format-unlisted', OFFER.replace('a=rtpmap:111', 'a=rtpmap:99 x/8000\r\na=rtpmap:111')],
    ['ssrc-group-unknown', OFFER.replace('a=ssrc-group:FID ', 'a=ssrc-group:FID 5 ')],
    ['ice-options-comma', OFFER.replace('ice-options:trickle', 'ice-options:trickle,ice2')],
    ['session-name-empty', OFFER.replace('s=-', 's=')],
  ])('says warning %s', (code, text) => {
    expect(text).not.toBe(OFFER);
    expect(all(OFFER)).not.toContain(code);
    expect(errors(text)).not.toContain(code);
    expect(all(text)).toContain(code);
  });

  it('sees a section left without transport when its group is stripped', () => {
    const answer = CORPUS.find(({ name }) => name === 'made-chrome-av-answer.sdp')!.text;
    expect(errors(answer)).toEqual([]);
    expect(errors(answer.replace('a=group:BUNDLE 0 1\r\n', ''))).toEqual(['sip-group-stripped']);
    const only = CORPUS.find(({ name }) => name === 'made-firefox-m8-nocand.sdp')!.text;
    expect(errors(only.replace(/a=group:.*\r\n/, ''))).toContain('sip-group-stripped');
  });

  it('asks for candidates where none can follow', () => {
    const bare = parse(CORPUS.find(({ name }) => name === 'made-chrome-audio-nocand.sdp')!.text);
    expect(lint(bare).map(({ code }) => code)).not.toContain('ice-no-candidates');
    const found = lint(bare, { receiverTrickles: false }).find(({ code }) => code === 'ice-no-candidates');
    expect(found?.severity).toBe('error');
  });

  it('holds plain RTP against nobody but a browser', () => {
    const plain = CORPUS.find(({ name }) => name === 'plain-answer-audio-avpf.sdp')!.text;
    expect(all(plain, 'sip')).toEqual([]);
    expect(all(plain, 'any')).toEqual([]);
    expect(errors(plain)).toEqual(expect.arrayContaining(['dtls-missing', 'ice-missing', 'sip-no-rtcp-mux']));
  });
});

describe('judge', () => {
  it('says all there is to say about a text', () => {
    expect(judge(OFFER, { profile: 'webrtc' })).toMatchObject({ parsed: true, roundTrip: true });
    const { parsed, roundTrip, findings } = judge('v=0\r\nm=audio\r\n');
    expect([parsed, roundTrip]).toEqual([false, false]);
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'media-malformed',
        severity: 'error',
        line: 2,
        column: 8,
        clause: 'RFC 8866 section 5.14',
      }),
    ]);
  });
});
