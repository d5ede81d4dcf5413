import { describe, expect, it } from 'vitest';
import { corpus } from '../fuzz/corpus.ts';
import { lint } from '../lint/lint.ts';
import { parse } from '../parse.ts';
import { checkAnswer } from './check-answer.ts';
import { checkReoffer } from './check-reoffer.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';

const TEXTS = new Map(corpus().map(({ name, text }) => [name, text]));

function recorded(name: string): string {
  const text = TEXTS.get(name);
  if (text === undefined) throw new Error(`no ${name} in the corpus`);
  return text;
}

/** Every offer and answer of one negotiation in the corpus. */
function recordedPairs(): [string, string][] {
  const pairs: [string, string][] = [];
  for (const name of TEXTS.keys()) {
    const answers = name.includes('-0-')
      ? [
          name.replace('-0-local-offer', '-1-remote-answer'),
          name.replace('-0-remote-offer', '-1-local-answer'),
        ]
      : [];
    if (/^(chromium|firefox)-offer-(nat|tun)-/.test(name)) {
      const rest = name.replace(/^\w+-offer-/, '');
      answers.push(`chromium-answer-${rest}`, `firefox-answer-${rest}`);
    }
    if (/^made-(chrome|firefox)-(audio|av|dc)-(no)?cand/.test(name))
      answers.push(name.replace(/-(no)?cand/, '-answer'));
    for (const answer of answers) if (answer !== name && TEXTS.has(answer)) pairs.push([name, answer]);
  }
  return pairs;
}

const OFFER = recorded('made-chrome-av-nocand.sdp');
const ANSWER = recorded('made-chrome-av-answer.sdp');

function answerErrors(answer: string, offer = OFFER): string[] {
  const findings = checkAnswer(parse(offer), parse(answer)).filter(({ severity }) => severity === 'error');
  return [...new Set(findings.map(({ code }) => code))];
}

describe('checkAnswer', () => {
  it('finds no error in any recorded answer', () => {
    const pairs = recordedPairs();
    expect(pairs.length).toBeGreaterThan(24);
    for (const [offer, answer] of pairs) {
      expect(answerErrors(recorded(answer), recorded(offer)), `${offer} ${answer}`).toEqual([]);
    }
  });

  it.each([
    ['sip-no-mid', ANSWER.replaceAll(/a=mid:.*\r\n/g, '').replace('a=group:BUNDLE 0 1\r\n', '')],
    ['sip-mid-renamed', ANSWER.replace('a=mid:1', 'a=mid:video').replace('BUNDLE 0 1', 'BUNDLE 0')],
    ['sip-group-stripped', ANSWER.replace('a=group:BUNDLE 0 1\r\n', '')],
    ['sip-no-rtcp-mux', ANSWER.replaceAll('a=rtcp-mux\r\n', '')],
    ['dtls-actpass-answer', ANSWER.replaceAll('a=setup:active', 'a=setup:actpass')],
    ['dtls-missing', ANSWER.replaceAll(/a=fingerprint.*\r\n/g, '')],
    ['m-line-count', ANSWER.slice(0, ANSWER.indexOf('m=video'))],
    [
      'codec-not-offered',
      ANSWER.replace('PCMA/8000', 'GSM-EFR/8000')
        .replace(' 8 13', ' 88 13')
        .replace('rtpmap:8 ', 'rtpmap:88 '),
    ],
    ['payload-type-changed', ANSWER.replace('a=rtpmap:111 opus/48000/2', 'a=rtpmap:111 speex/16000')],
    ['extmap-answer', ANSWER.replace('a=extmap:2 ', 'a=extmap:12 ')],
    ['bundle-answer', ANSWER.replace('BUNDLE 0 1', 'BUNDLE 0 1 2')],
    ['ice-missing', ANSWER.replaceAll(/a=ice-(ufrag|pwd):.*\r\n/g, '')],
  ])('says %s', (code, answer) => {
    expect(answer).not.toBe(ANSWER);
    expect(answerErrors(ANSWER)).toEqual([]);
    expect(answerErrors(answer)).toContain(code);
  });

  it('sees m-sections in another order', () => {
    const video = ANSWER.indexOf('m=video');
    const audio = ANSWER.indexOf('m=audio');
    const swapped = ANSWER.slice(0, audio) + ANSWER.slice(video) + ANSWER.slice(audio, video);
    expect(answerErrors(swapped)).toEqual(['m-line-order']);
  });

  it.each([
    ['sendonly', 'sendrecv'],
    ['sendonly', 'sendonly'],
    ['recvonly', 'recvonly'],
    ['inactive', 'sendonly'],
  ])('refuses %s answered by %s', (asked, given) => {
    const offer = OFFER.replaceAll('a=sendrecv', `a=${asked}`);
    expect(answerErrors(ANSWER.replaceAll('a=recvonly', `a=${given}`), offer)).toContain('direction-answer');
    expect(answerErrors(ANSWER.replaceAll('a=recvonly', 'a=inactive'), offer)).toEqual([]);
  });

  it('sees plain RTP answered to DTLS, a revived m-section, and both sides active', () => {
    expect(answerErrors(ANSWER.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP'))).toContain('dtls-missing');
    const off = OFFER.replace('m=video 9', 'm=video 0').replace('BUNDLE 0 1', 'BUNDLE 0');
    expect(answerErrors(ANSWER, off)).toContain('rejected-answered');
    expect(answerErrors(ANSWER, OFFER.replaceAll('a=setup:actpass', 'a=setup:active'))).toContain(
      'dtls-role-conflict',
    );
  });

  it('sees a DTLS role that flips, whoever offers', () => {
    const previous = { offer: parse(OFFER), answer: parse(ANSWER) };
    const flipped = parse(ANSWER.replaceAll('a=setup:active', 'a=setup:passive'));
    const codes = (answer: typeof flipped) =>
      checkAnswer(previous.offer, answer, { previous }).map(({ code }) => code);
    expect(codes(flipped)).toContain('dtls-role-flip');
    expect(codes(previous.answer)).toEqual([]);
    const restarted = parse(
      ANSWER.replaceAll('a=setup:active', 'a=setup:passive').replaceAll(
        /a=ice-ufrag:.*/g,
        'a=ice-ufrag:new1',
      ),
    );
    expect(codes(restarted)).toEqual([]);
    // The old offerer answers: it was passive, so active is a flip.
    const reversed = (setup: string) => parse(OFFER.replaceAll('a=setup:actpass', `a=setup:${setup}`));
    const reOffer = parse(ANSWER.replaceAll('a=setup:active', 'a=setup:actpass'));
    const found = (setup: string) =>
      checkAnswer(reOffer, reversed(setup), { previous })
        .map(({ code }) => code)
        .filter((code) => code === 'dtls-role-flip');
    expect(found('passive')).toEqual([]);
    expect(found('active').length).toBeGreaterThan(0);
  });
});

describe('checkReoffer', () => {
  const previous = parse(OFFER);
  const version = (text: string) => text.replace(/^(o=\S+ \S+) \d+/m, '$1 3');
  const codes = (text: string) => checkReoffer(previous, parse(text)).map(({ code }) => code);

  it('finds nothing in the same description, and nothing in a proper restart', () => {
    expect(codes(OFFER)).toEqual([]);
    const restart = OFFER.replaceAll(/a=ice-ufrag:.*/g, 'a=ice-ufrag:new1').replaceAll(
      /a=ice-pwd:.*/g,
      `a=ice-pwd:${'x'.repeat(24)}`,
    );
    expect(codes(version(restart))).toEqual([]);
  });

  it.each([
    ['ice-pwd-stale', version(OFFER.replaceAll(/a=ice-ufrag:.*/g, 'a=ice-ufrag:new1'))],
    ['ice-ufrag-stale', version(OFFER.replaceAll(/a=ice-pwd:.*/g, `a=ice-pwd:${'x'.repeat(24)}`))],
    ['reinvite-no-ice', version(OFFER.replaceAll(/a=ice-(ufrag|pwd):.*\r\n/g, ''))],
    ['m-line-removed', version(OFFER.slice(0, OFFER.indexOf('m=video')))],
    ['sip-mid-renamed', version(OFFER.replace('a=mid:1', 'a=mid:z'))],
    ['sip-group-stripped', version(OFFER.replace(/a=group:.*\r\n/, ''))],
    ['origin-version', OFFER.replace('a=mid:1', 'a=mid:z')],
    ['payload-type-remapped', version(OFFER.replace('rtpmap:111 opus/48000/2', 'rtpmap:111 L16/48000/2'))],
  ])('says %s', (code, text) => {
    expect(text).not.toBe(OFFER);
    expect(codes(text)).toContain(code);
  });

  it('sees a settled role that flips in an offer', () => {
    const active = parse(ANSWER);
    const passive = parse(version(ANSWER.replaceAll('a=setup:active', 'a=setup:passive')));
    const actpass = parse(version(ANSWER.replaceAll('a=setup:active', 'a=setup:actpass')));
    expect(checkReoffer(active, passive).map(({ code }) => code)).toContain('dtls-role-flip');
    expect(checkReoffer(active, actpass)).toEqual([]);
  });
});

describe('diff', () => {
  const words = (a: string, b: string) => diff(parse(a), parse(b)).map(({ message }) => message);

  it('says nothing of spelling', () => {
    const spelled = OFFER.replaceAll('\r\n', '\n')
      .replace('a=mid:0\n', '')
      .replace('a=rtcp-mux\n', 'a=rtcp-mux\na=mid:0\n');
    expect(words(OFFER, spelled)).toEqual([]);
  });

  it('says in words what changed', () => {
    expect(words(OFFER, OFFER.replace('a=sendrecv', 'a=sendonly'))).toEqual([
      'audio 0: direction sendrecv became sendonly',
    ]);
    expect(
      words(OFFER, OFFER.replace('SAVPF 111', 'SAVPF').replaceAll(/a=(rtpmap|fmtp|rtcp-fb):111 .*\r\n/g, '')),
    ).toEqual(['audio 0: codec opus/48000/2 (111) removed']);
    expect(words(OFFER, OFFER.replace(/m=video \d+ /, 'm=video 0 '))).toEqual(['video 1: rejected (port 0)']);
    expect(words(OFFER, OFFER.replace('a=mid:1', 'a=mid:v'))).toEqual(['video 1: mid 1 became v']);
    expect(words(OFFER, OFFER.replace('minptime=10', 'minptime=20'))).toEqual([
      'audio 0: parameters of opus/48000/2 (111): minptime=10;useinbandfec=1 became minptime=20;useinbandfec=1',
    ]);
    expect(words(OFFER, OFFER.slice(0, OFFER.indexOf('m=video')))).toEqual(['m-section video 1 removed']);
    expect(words(OFFER.slice(0, OFFER.indexOf('m=video')), OFFER)).toEqual(['m-section video 1 added']);
    expect(words(OFFER, OFFER.replace('a=mid:0', 'a=mid:0\r\na=x-new:1'))).toEqual([
      'audio 0: attribute a=x-new:1 added',
    ]);
  });

  it('follows m-sections by mid when they move', () => {
    const audio = OFFER.indexOf('m=audio');
    const video = OFFER.indexOf('m=video');
    const swapped = OFFER.slice(0, audio) + OFFER.slice(video) + OFFER.slice(audio, video);
    expect(words(OFFER, swapped)).toEqual([
      'audio 0: moved from place 0 to 1',
      'video 1: moved from place 1 to 0',
    ]);
  });

  it('tells candidates, credentials and certificates', () => {
    const found = diff(parse(OFFER), parse(recorded('made-chrome-av-cand.sdp'))).map(
      ({ subject }) => subject,
    );
    expect(found).toContain('candidate');
    const other = OFFER.replaceAll(/a=ice-ufrag:.*/g, 'a=ice-ufrag:new1').replaceAll(
      /(a=fingerprint:sha-256) ../g,
      '$1 00',
    );
    const subjects = new Set(diff(parse(OFFER), parse(other)).map(({ subject }) => subject));
    expect(subjects).toEqual(new Set(['ice', 'dtls']));
  });
});

describe('explain', () => {
  it('tells findings in words, with place, code and clause', () => {
    const text = explain(lint(parse(OFFER.replace('G722/8000', 'G722/16000'))));
    expect(text).toMatch(
      /^error: line \d+: G722\/16000: its RTP clock is 8000.*\n {4}g722-clock, RFC 3551 section 4\.5\.2/,
    );
    expect(explain([])).toBe('nothing to find fault with');
  });

  it('tells of a pair alone and together', () => {
    const pair = {
      offer: parse(OFFER),
      answer: parse(ANSWER.replaceAll('a=setup:active', 'a=setup:actpass')),
    };
    expect(explain(pair)).toContain('answer to this offer: error: line');
    expect(explain(pair)).toContain('dtls-actpass-answer, RFC 8842 section 5.3');
  });
});
