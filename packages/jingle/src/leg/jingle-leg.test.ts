import { parseCandidate } from '@crosspoint/ice';
import { type LazyDescription, open } from '@crosspoint/sdp';
import { END_REASON_CODES, type EndReason, type Signal } from '@crosspoint/signaling';
import { describe, expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { recordedDescriptions } from '../testing/corpus.ts';
import { Wire } from '../testing/wire.ts';
import { childOf } from '../xml/element.ts';
import { IncomingJingleLeg } from './incoming-leg.ts';
import type { JingleLegOptions } from './jingle-leg.ts';
import { OutgoingJingleLeg } from './outgoing-leg.ts';

const text = (name: string) => recordedDescriptions().find((each) => each.name === name)!.text;
const OFFER = open(text('made-chrome-av-cand.sdp'));
const ANSWER = open(text('made-chrome-av-answer.sdp'));
const AUDIO_OFFER = open(text('made-chrome-audio-nocand.sdp'));
const AUDIO_ANSWER = open(text('made-chrome-audio-answer.sdp'));
const ALICE = 'alice@a.example/1';
const BOB = 'bob@b.example/1';
const candidate = parseCandidate('candidate:1 1 udp 2122260223 10.0.0.1 5000 typ host');

interface Ends {
  readonly wire: Wire;
  readonly out: OutgoingJingleLeg;
  readonly in: IncomingJingleLeg;
  readonly heardOut: Signal[];
  readonly heardIn: Signal[];
  readonly findings: string[];
  readonly counts: () => unknown;
}

/** A call from one leg to another; the hubs on both sides are the test. */
function place(offer = OFFER, options: Partial<JingleLegOptions> = {}, wire = new Wire()): Ends {
  const findings: string[] = [];
  const onFinding = ({ code }: { code: string }) => findings.push(code);
  let incoming: IncomingJingleLeg | undefined;
  const bob = wire.join(BOB, {
    onCall: (call, stanza) => {
      incoming = new IncomingJingleLeg(call, stanza, { endpoint: bob, onFinding, ...options });
    },
  });
  const alice = wire.join(ALICE);
  const out = new OutgoingJingleLeg({ endpoint: alice, from: ALICE, to: BOB, onFinding, ...options });
  const heardOut: Signal[] = [];
  const heardIn: Signal[] = [];
  out.attach((signal) => heardOut.push(signal));
  out.send({ type: 'offer', description: offer });
  wire.drain();
  incoming!.attach((signal) => heardIn.push(signal));
  return { wire, out, in: incoming!, heardOut, heardIn, findings, counts: () => [alice.counts, bob.counts] };
}

function connect(ends: Ends, answer = ANSWER): Ends {
  ends.in.send({ type: 'ringing' });
  ends.in.send({ type: 'answer', description: answer });
  ends.in.send({ type: 'accepted' });
  ends.wire.drain();
  ends.wire.seen.length = 0;
  ends.heardIn.length = 0;
  ends.heardOut.length = 0;
  return ends;
}

const kinds = (signals: readonly Signal[]): string[] => signals.map(({ type }) => type);
const endOf = (signals: readonly Signal[]): EndReason | undefined =>
  signals.flatMap((signal) => (signal.type === 'end' ? [signal.reason] : []))[0];
const descriptionOf = (signals: readonly Signal[], type: 'offer' | 'answer') =>
  signals.flatMap((signal) => (signal.type === type ? [signal.description] : [])).at(-1)!;
const NOTHING = [
  { calls: 0, asked: 0, initiations: 0 },
  { calls: 0, asked: 0, initiations: 0 },
];
const requests = (wire: Wire): string[] => wire.seen.filter((each) => !each.endsWith(' result'));

/** A description with the ICE credentials of another: the same transport as before. */
function onTransportOf(description: LazyDescription, other: LazyDescription): LazyDescription {
  const [from, to] = [description.iceCredentials(0)!, other.iceCredentials(0)!];
  return open(
    description.text
      .replaceAll(`ice-ufrag:${from.ufrag}`, `ice-ufrag:${to.ufrag}`)
      .replaceAll(`ice-pwd:${from.pwd}`, `ice-pwd:${to.pwd}`),
  );
}

/** The same description with one thing changed. */
const changed = (description: { text: string }, change: (sdp: string) => string) =>
  open(change(description.text));

describe('a Jingle leg', () => {
  it('carries offer, ringing, answer and acceptance, and hangs up', () => {
    const ends = place();
    expect(kinds(ends.heardIn)).toEqual(['offer']);
    expect(descriptionOf(ends.heardIn, 'offer').mediaCount).toBe(2);
    ends.in.send({ type: 'ringing' });
    ends.in.send({ type: 'answer', description: ANSWER });
    ends.wire.drain();
    expect(kinds(ends.heardOut)).toEqual(['ringing']);
    ends.in.send({ type: 'accepted' });
    ends.wire.drain();
    expect(kinds(ends.heardOut)).toEqual(['ringing', 'answer', 'accepted']);
    expect(descriptionOf(ends.heardOut, 'answer').first(0, 'setup')).toBe('active');
    ends.out.send({ type: 'end', reason: { code: 'normal' } });
    ends.wire.drain();
    expect(endOf(ends.heardIn)).toMatchObject({ code: 'normal', origin: { code: 'success' } });
    expect(ends.counts()).toEqual(NOTHING);
    expect(ends.wire.clock.pending).toBe(0);
    expect(ends.findings).toEqual([]);
  });

  it('trickles both ways before the acceptance', () => {
    const ends = place(AUDIO_OFFER);
    ends.out.send({
      type: 'candidates',
      candidates: [
        { candidate, mid: '0' },
        { candidate: undefined, mid: '0' },
      ],
    });
    ends.in.send({ type: 'answer', description: AUDIO_ANSWER });
    ends.in.send({ type: 'candidates', candidates: [{ candidate, mLineIndex: 0 }] });
    ends.wire.drain();
    const told = ends.heardIn.flatMap((signal) => (signal.type === 'candidates' ? signal.candidates : []));
    expect(told).toMatchObject([
      { candidate: { address: '10.0.0.1', port: 5000 }, mid: '0' },
      { candidate: undefined, mid: '0' },
    ]);
    expect(told[0]!.ufrag).toBe(AUDIO_OFFER.iceCredentials(0)!.ufrag);
    expect(kinds(ends.heardOut)).toEqual(['candidates']);
    expect(ends.wire.seen).not.toContain(`${BOB} session-accept`);
  });

  it('refuses one of two contents by removing it before it accepts', () => {
    const ends = place();
    const audioOnly = changed(ANSWER, (sdp) => sdp.replace(/m=video \d+/, 'm=video 0'));
    ends.in.send({ type: 'answer', description: audioOnly });
    ends.in.send({ type: 'accepted' });
    ends.wire.drain();
    expect(requests(ends.wire)).toEqual([
      `${ALICE} session-initiate`,
      `${BOB} content-remove`,
      `${BOB} session-accept`,
    ]);
    const answer = descriptionOf(ends.heardOut, 'answer').typed();
    expect(answer.media.map(({ port }) => port === 0)).toEqual([false, true]);
  });

  it.each(END_REASON_CODES)('carries the end %s before the acceptance and in the call', (code) => {
    const early = place();
    early.in.send({ type: 'end', reason: { code, text: 'words' } });
    early.wire.drain();
    expect(endOf(early.heardOut)).toMatchObject({ code, text: 'words' });
    expect(early.counts()).toEqual(NOTHING);
    const late = connect(place());
    late.out.send({ type: 'end', reason: { code } });
    late.wire.drain();
    expect(endOf(late.heardIn)).toMatchObject({ code });
  });

  it('adds video to an audio call, and is refused it', () => {
    const added = connect(place(AUDIO_OFFER), AUDIO_ANSWER);
    added.out.send({ type: 'offer', description: onTransportOf(OFFER, AUDIO_OFFER) });
    added.wire.drain();
    expect(kinds(added.heardIn)).toEqual(['offer']);
    expect(descriptionOf(added.heardIn, 'offer').mediaCount).toBe(2);
    expect(added.heardOut).toEqual([]);
    added.in.send({ type: 'answer', description: onTransportOf(ANSWER, AUDIO_ANSWER) });
    added.wire.drain();
    expect(requests(added.wire)).toContain(`${BOB} content-accept`);
    expect(descriptionOf(added.heardOut, 'answer').mediaCount).toBe(2);
    expect(descriptionOf(added.heardOut, 'answer').mediaLine(1).port).not.toBe(0);

    const refused = connect(place(AUDIO_OFFER), AUDIO_ANSWER);
    refused.in.send({ type: 'offer', description: onTransportOf(ANSWER, AUDIO_ANSWER) });
    refused.wire.drain();
    refused.out.send({ type: 'refuse', why: 'not-acceptable' });
    refused.wire.drain();
    expect(requests(refused.wire)).toContain(`${ALICE} content-reject`);
    expect(descriptionOf(refused.heardIn, 'answer').mediaLine(1).port).toBe(0);
  });

  it('holds and resumes, each side in its own words', () => {
    const ends = connect(place(AUDIO_OFFER), AUDIO_ANSWER);
    const held = changed(AUDIO_OFFER, (sdp) => sdp.replace('a=sendrecv', 'a=sendonly'));
    ends.out.send({ type: 'offer', description: held });
    ends.wire.drain();
    expect(requests(ends.wire)).toEqual([`${ALICE} content-modify`, `${ALICE} session-info`]);
    expect(descriptionOf(ends.heardIn, 'offer').direction(0)).toBe('sendonly');
    expect(descriptionOf(ends.heardOut, 'answer').direction(0)).toBe('recvonly');
    ends.in.send({
      type: 'answer',
      description: changed(AUDIO_ANSWER, (sdp) => sdp.replace('a=sendrecv', 'a=recvonly')),
    });
    // The hold that follows says the same once more, as an offer of its own.
    expect(kinds(ends.heardIn)).toEqual(['offer', 'offer']);
    ends.in.send({
      type: 'answer',
      description: changed(AUDIO_ANSWER, (sdp) => sdp.replace('a=sendrecv', 'a=recvonly')),
    });
    ends.out.send({ type: 'offer', description: AUDIO_OFFER });
    ends.wire.drain();
    ends.in.send({ type: 'answer', description: AUDIO_ANSWER });
    expect(descriptionOf(ends.heardIn, 'offer').direction(0)).toBe('sendrecv');
  });

  it('answers an offer of the callee with nothing that it does not have', () => {
    const ends = connect(place(AUDIO_OFFER), AUDIO_ANSWER);
    const less = changed(AUDIO_ANSWER, (sdp) =>
      sdp
        .replace('a=recvonly', 'a=inactive')
        .replace(/^(m=audio \d+ \S+).*$/m, '$1 111')
        .replace(/^a=(?:rtpmap|fmtp|rtcp-fb):(?!111 ).*\r\n/gm, '')
        .replace(/^a=extmap:(?!1 ).*\r\n/gm, ''),
    );
    expect(AUDIO_OFFER.mediaLine(0).formats.length).toBeGreaterThan(1);
    ends.in.send({ type: 'offer', description: less });
    ends.wire.drain();
    const answer = descriptionOf(ends.heardIn, 'answer');
    expect(answer.mediaLine(0).formats).toEqual(['111']);
    expect(answer.text.match(/^a=extmap:/gm)?.length).toBe(less.text.match(/^a=extmap:/gm)?.length);
  });

  it('answers an offer of the callee with the part in DTLS that was settled', () => {
    const ends = connect(place(AUDIO_OFFER), AUDIO_ANSWER);
    expect(AUDIO_OFFER.first(0, 'setup')).toBe('actpass');
    expect(AUDIO_ANSWER.first(0, 'setup')).toBe('active');
    ends.in.send({
      type: 'offer',
      description: changed(AUDIO_ANSWER, (sdp) =>
        sdp.replace('a=recvonly', 'a=inactive').replace('a=setup:active', 'a=setup:actpass'),
      ),
    });
    ends.wire.drain();
    expect(descriptionOf(ends.heardIn, 'answer').first(0, 'setup')).toBe('passive');
    expect(ends.findings).toEqual([]);
  });

  it('is held by both sides: each says its own, and the callee that resumes first is not forgotten', () => {
    const ends = connect(place(AUDIO_OFFER), AUDIO_ANSWER);
    const directed = (direction: string, description = AUDIO_ANSWER) =>
      changed(description, (sdp) => sdp.replace(/a=(?:sendrecv|recvonly)/, `a=${direction}`));
    let sid: string | undefined;
    const senders: (string | undefined)[] = [];
    ends.wire.twist = (stanza) => {
      const jingle = childOf(stanza, 'jingle', NS.jingle);
      sid ??= jingle?.attrs.sid;
      if (jingle?.attrs.action === 'content-modify') senders.push(childOf(jingle, 'content')?.attrs.senders);
      return stanza;
    };
    ends.in.send({
      type: 'offer',
      description: onTransportOf(directed('sendonly', AUDIO_OFFER), AUDIO_ANSWER),
    });
    ends.wire.drain();
    // The caller's client holds and resumes by a word alone (XEP-0167 section 8.2).
    const word = (name: string): void => {
      ends.wire.send(
        `<iq xmlns="jabber:client" type="set" id="${name}" from="${ALICE}" to="${BOB}"><jingle xmlns="${NS.jingle}" action="session-info" sid="${sid}"><${name} xmlns="${NS.rtpInfo}"/></jingle></iq>`,
      );
      ends.wire.drain();
    };
    word('hold');
    expect(descriptionOf(ends.heardIn, 'offer').direction(0)).toBe('sendonly');
    ends.in.send({ type: 'answer', description: directed('inactive') });
    word('unhold');
    expect(descriptionOf(ends.heardIn, 'offer').direction(0)).toBe('sendrecv');
    // A page resumes by its answer: it need not offer (RFC 9429 section 5.3.1).
    ends.in.send({ type: 'answer', description: directed('sendrecv') });
    ends.wire.drain();
    expect(senders).toEqual(['responder', 'both']);
  });

  it('holds a client that knows no content-modify, by the information alone', () => {
    const ends = connect(place(AUDIO_OFFER), AUDIO_ANSWER);
    const held = changed(AUDIO_OFFER, (sdp) => sdp.replace('a=sendrecv', 'a=sendonly'));
    ends.wire.twist = (stanza) => {
      if (childOf(stanza, 'jingle', NS.jingle)?.attrs.action !== 'content-modify') return stanza;
      ends.wire.send(
        `<iq xmlns="jabber:client" type="error" id="${stanza.attrs.id}" from="${BOB}" to="${ALICE}"><error type="modify"><bad-request xmlns="${NS.stanzas}"/></error></iq>`,
      );
      return undefined;
    };
    ends.out.send({ type: 'offer', description: held });
    ends.wire.drain();
    expect(requests(ends.wire)).toContain(`${ALICE} session-info`);
    expect(descriptionOf(ends.heardOut, 'answer').direction(0)).toBe('recvonly');
    expect(ends.findings).toEqual(['content-modify-refused']);
    // What is no hold is lost.
    ends.heardOut.length = 0;
    ends.out.send({
      type: 'offer',
      description: changed(AUDIO_OFFER, (sdp) => sdp.replace('a=sendrecv', 'a=inactive')),
    });
    ends.wire.drain();
    expect(kinds(ends.heardOut)).toEqual(['refuse']);
  });

  it('takes "active" for the end of a hold, and for nothing where there was none', () => {
    const both = changed(AUDIO_ANSWER, (sdp) => sdp.replace('a=recvonly', 'a=sendrecv'));
    const ends = connect(place(AUDIO_OFFER), both);
    const says = (info: 'hold' | 'active'): void => {
      const sid = /sid="([^"]+)"/.exec(ends.wire.texts.join())![1];
      ends.wire.send(
        `<iq xmlns="jabber:client" type="set" id="${info}-${ends.wire.texts.length}" from="${ALICE}" to="${BOB}"><jingle xmlns="${NS.jingle}" action="session-info" sid="${sid}"><${info} xmlns="urn:xmpp:jingle:apps:rtp:info:1"/></jingle></iq>`,
      );
      ends.wire.drain();
    };
    says('active');
    expect(ends.heardIn).toEqual([]);
    says('hold');
    expect(descriptionOf(ends.heardIn, 'offer').direction(0)).toBe('sendonly');
    ends.in.send({ type: 'answer', description: AUDIO_ANSWER });
    says('active');
    expect(descriptionOf(ends.heardIn, 'offer').direction(0)).toBe('sendrecv');
  });

  it('restarts ICE by a new generation, and both sides have it', () => {
    const ends = connect(place(AUDIO_OFFER), AUDIO_ANSWER);
    const fresh = AUDIO_OFFER.replaceAttribute(0, 'ice-ufrag', 'NEWU').replaceAttribute(
      0,
      'ice-pwd',
      'newpasswordnewpasswordne',
    );
    ends.out.send({ type: 'offer', description: fresh });
    ends.wire.drain();
    expect(descriptionOf(ends.heardIn, 'offer').iceCredentials(0)).toEqual({
      ufrag: 'NEWU',
      pwd: 'newpasswordnewpasswordne',
    });
    expect(ends.heardOut).toEqual([]);
    const answer = AUDIO_ANSWER.replaceAttribute(0, 'ice-ufrag', 'ANSW').replaceAttribute(
      0,
      'ice-pwd',
      'otherpasswordotherpasswo',
    );
    ends.in.send({ type: 'answer', description: answer });
    ends.wire.drain();
    expect(descriptionOf(ends.heardOut, 'answer').iceCredentials(0)!.ufrag).toBe('ANSW');
    // Who does not answer a restart is not waited for.
    ends.out.send({ type: 'offer', description: fresh.replaceAttribute(0, 'ice-ufrag', 'THIRD') });
    ends.wire.drain();
    ends.wire.clock.pass(10_001);
    expect(ends.heardOut.at(-1)).toMatchObject({ type: 'refuse', why: 'not-acceptable' });
  });

  it('lets the initiator win where both add at once', () => {
    const ends = connect(place(AUDIO_OFFER), AUDIO_ANSWER);
    ends.out.send({ type: 'offer', description: onTransportOf(OFFER, AUDIO_OFFER) });
    ends.in.send({ type: 'offer', description: onTransportOf(ANSWER, AUDIO_ANSWER) });
    ends.wire.drain();
    expect(kinds(ends.heardIn)).toEqual(['refuse', 'offer']);
    expect(ends.heardIn[0]).toMatchObject({ why: 'glare' });
    ends.in.send({ type: 'answer', description: onTransportOf(ANSWER, AUDIO_ANSWER) });
    ends.wire.drain();
    expect(kinds(ends.heardOut)).toEqual(['answer']);
    expect(requests(ends.wire)).toContain(`${ALICE} error`);
  });

  it('answers a content-remove of the far side with nothing but the acknowledgement', () => {
    const ends = connect(place());
    ends.in.send({
      type: 'offer',
      description: changed(ANSWER, (sdp) => sdp.replace(/m=video \d+/, 'm=video 0')),
    });
    ends.wire.drain();
    expect(
      descriptionOf(ends.heardOut, 'offer')
        .typed()
        .media.map(({ port }) => port === 0),
    ).toEqual([false, true]);
    expect(descriptionOf(ends.heardIn, 'answer').mediaLine(1).port).toBe(0);
  });

  it('ends with an error where nobody is there, and with the reason where calls are not taken', () => {
    const wire = new Wire();
    const heard: Signal[] = [];
    const out = new OutgoingJingleLeg({ endpoint: wire.join(ALICE), from: ALICE, to: 'nobody@b.example/x' });
    out.attach((signal) => heard.push(signal));
    out.send({ type: 'offer', description: AUDIO_OFFER });
    wire.drain();
    expect(endOf(heard)).toMatchObject({ code: 'unavailable', origin: { code: 'service-unavailable' } });
  });

  it('learns that the far side is gone from an unknown session and from silence', () => {
    const gone = connect(place());
    let lost = 0;
    gone.out.whenLost(() => lost++);
    gone.wire.send(
      `<iq xmlns='jabber:client' id='x' type='set' from='${ALICE}' to='${BOB}'><jingle xmlns='${NS.jingle}' action='session-info' sid='other'/></iq>`,
    );
    gone.wire.twist = (stanza) =>
      childOf(stanza, 'jingle', NS.jingle)?.attrs.action === 'transport-info' ? undefined : stanza;
    gone.out.send({ type: 'candidates', candidates: [{ candidate, mid: '0' }] });
    gone.wire.drain();
    expect(gone.wire.seen.at(-1)).toBe(`${BOB} error`);
    expect(lost).toBe(0);
    gone.wire.clock.pass(30_001);
    expect(gone.findings).toContain('action-refused');
  });

  it('refuses a call without DTLS with security-error, and takes it where told to', () => {
    const plain = changed(AUDIO_OFFER, (sdp) => sdp.replace(/^a=(?:fingerprint|setup):.*\r\n/gm, ''));
    const ends = place(plain);
    expect(endOf(ends.heardIn)).toMatchObject({ code: 'not-authorised' });
    expect(endOf(ends.heardOut)).toMatchObject({
      code: 'not-authorised',
      origin: { code: 'security-error' },
      text: 'a call without DTLS',
    });
    expect(ends.counts()).toEqual(NOTHING);
    expect(kinds(place(plain, { requireDtls: false }).heardIn)).toEqual(['offer']);
  });

  it('says what Jingle has no words for', () => {
    const ends = connect(place());
    ends.out.send({ type: 'dtmf', digits: '1', durationMs: 100 });
    ends.out.send({ type: 'transfer', target: 'carol@c' });
    expect(ends.findings).toEqual(['dtmf-unsupported', 'transfer-unsupported']);
  });

  it("does not take a stranger's word for a session", () => {
    const ends = connect(place());
    const sid = /sid="([^"]+)"/.exec(ends.wire.texts[0]!)![1]!;
    ends.wire.send(
      `<iq xmlns='jabber:client' id='1' type='set' from='eve@e/1' to='${BOB}'><jingle xmlns='${NS.jingle}' action='session-terminate' sid='${sid}'><reason><success/></reason></jingle></iq>`,
    );
    ends.wire.drain();
    expect(ends.heardIn).toEqual([]);
    expect(ends.wire.texts.at(-1)).toContain('unknown-session');
  });
});
