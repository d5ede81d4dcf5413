import { parseCandidate } from '@crosspoint/ice';
import { open } from '@crosspoint/sdp';
import type { EndReason, Signal } from '@crosspoint/signaling';
import { describe, expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { recordedDescriptions, recordedStanzas } from '../testing/corpus.ts';
import { Wire } from '../testing/wire.ts';
import { IncomingJingleLeg } from './incoming-leg.ts';
import type { Proposal } from './jingle-endpoint.ts';
import { OutgoingJingleLeg } from './outgoing-leg.ts';

const text = (name: string) => recordedDescriptions().find((each) => each.name === name)!.text;
const OFFER = open(text('made-chrome-av-cand.sdp'));
const ANSWER = open(text('made-chrome-av-answer.sdp'));
const AUDIO_OFFER = open(text('made-chrome-audio-nocand.sdp'));
const ALICE = 'alice@a.example/1';
const BOB = 'bob@b.example/1';
const candidate = parseCandidate('candidate:1 1 udp 2122260223 10.0.0.1 5000 typ host');
const kinds = (signals: readonly Signal[]): string[] => signals.map(({ type }) => type);
const endOf = (signals: readonly Signal[]): EndReason | undefined =>
  signals.flatMap((signal) => (signal.type === 'end' ? [signal.reason] : []))[0];
const NOTHING = [
  { calls: 0, asked: 0, initiations: 0 },
  { calls: 0, asked: 0, initiations: 0 },
];

describe('an endpoint', () => {
  it('decides two initiations at once: one call remains', () => {
    const wire = new Wire();
    const calls: string[] = [];
    const heard: Signal[] = [];
    const ends = [ALICE, BOB].map((self, at) => {
      const endpoint = wire.join(self, {
        onCall: (call) => calls.push(`${call.self} is called`),
        newId: () => `${at}-${wire.seen.length}`,
      });
      const out = new OutgoingJingleLeg({ endpoint, from: self, to: self === ALICE ? BOB : ALICE });
      out.attach((signal) => heard.push(signal));
      return out;
    });
    for (const out of ends) out.send({ type: 'offer', description: AUDIO_OFFER });
    wire.drain();
    // Alice's identifier is the lower one.
    expect(calls).toEqual([`${BOB} is called`]);
    expect(heard.map((signal) => signal.type === 'end' && signal.reason.text)).toEqual(['tie-break']);
  });

  it('answers what it cannot read and what it does not know, whoever sent it', () => {
    const found: string[] = [];
    const wire = new Wire();
    wire.join(BOB, { onFinding: (from, { code }) => found.push(`${from} ${code}`) });
    const iq = (inner: string) =>
      wire.send(`<iq xmlns='jabber:client' id='1' type='set' from='eve@e/1' to='${BOB}'>${inner}</iq>`);
    iq(`<jingle xmlns='${NS.jingle}' action='dance' sid='s'/>`);
    iq(`<jingle xmlns='${NS.jingle}' action='session-info' sid='s'/>`);
    iq(
      `<jingle xmlns='${NS.jingle}' action='session-initiate' sid='s'><content creator='initiator' name='a'><transport xmlns='${NS.iceUdp}'/></content></jingle>`,
    );
    wire.drain();
    const errors = wire.texts
      .slice(3)
      .map((each) => /<(bad-request|unknown-session|service-unavailable) /.exec(each)?.[1]);
    expect(found).toEqual(['eve@e/1 action-unknown']);
    expect(errors).toEqual(['bad-request', 'unknown-session', 'service-unavailable']);
  });
});

it('learns of a proposal that nobody takes, whether the error repeats it or not', () => {
  for (const isRepeated of [true, false]) {
    const wire = new Wire();
    wire.twist = (stanza) =>
      stanza.attrs.type === 'error' && !isRepeated
        ? {
            ...stanza,
            children: stanza.children.filter((child) => typeof child === 'object' && child.name === 'error'),
          }
        : stanza;
    const alice = wire.join(ALICE);
    const out = new OutgoingJingleLeg({ endpoint: alice, from: ALICE, to: 'nobody@b.example' });
    const heard: Signal[] = [];
    out.attach((signal) => heard.push(signal));
    out.send({ type: 'offer', description: AUDIO_OFFER });
    wire.drain();
    expect(endOf(heard)?.code).toBe('unavailable');
    expect(alice.counts).toEqual({ calls: 0, asked: 0, initiations: 0 });
  }
});

describe('calls proposed by message', () => {
  /** Bob's account with two devices. */
  function proposing() {
    const wire = new Wire();
    const proposals: Proposal[] = [];
    const overs: string[] = [];
    const heardBob: Signal[] = [];
    const legs: IncomingJingleLeg[] = [];
    const devices = ['bob@b.example/phone', 'bob@b.example/tablet'].map((jid) => {
      const endpoint = wire.join(jid, {
        selfOf: () => jid,
        onProposal: (proposal) => {
          proposals.push(proposal);
          proposal.whenOver((effect) => overs.push(`${jid} ${effect.type}`));
          proposal.ring();
        },
        onCall: (call, stanza) => {
          const leg = new IncomingJingleLeg(call, stanza, { endpoint });
          leg.attach((signal) => heardBob.push(signal));
          legs.push(leg);
        },
      });
      return endpoint;
    });
    const alice = wire.join(ALICE);
    const out = new OutgoingJingleLeg({ endpoint: alice, from: ALICE, to: 'bob@b.example' });
    const heard: Signal[] = [];
    out.attach((signal) => heard.push(signal));
    out.send({ type: 'offer', description: OFFER });
    out.send({ type: 'candidates', candidates: [{ candidate, mid: '0' }] });
    wire.drain();
    return {
      wire,
      proposals,
      overs,
      heard,
      heardBob,
      legs,
      out,
      counts: () => [alice, ...devices].map(({ counts }) => counts),
    };
  }

  it('rings all devices, goes to the one that takes it, and finishes', () => {
    const { wire, proposals, overs, heard, heardBob, legs, out, counts } = proposing();
    expect(proposals.map(({ media }) => media)).toEqual([
      ['audio', 'video'],
      ['audio', 'video'],
    ]);
    expect(kinds(heard)).toEqual(['ringing']);
    proposals[1]!.take();
    wire.drain();
    expect(overs).toEqual(['bob@b.example/phone elsewhere']);
    expect(kinds(heardBob)).toEqual(['offer', 'candidates']);
    legs[0]!.send({ type: 'answer', description: ANSWER });
    legs[0]!.send({ type: 'accepted' });
    wire.drain();
    expect(kinds(heard)).toEqual(['ringing', 'answer', 'accepted']);
    out.send({ type: 'end', reason: { code: 'normal' } });
    wire.drain();
    expect(endOf(heardBob)).toMatchObject({ code: 'normal' });
    expect(wire.seen).toContain(`${ALICE} finish`);
    for (const each of counts()) expect(each).toEqual({ calls: 0, asked: 0, initiations: 0 });
  });

  it('stops every device when the caller gives up', () => {
    const { wire, overs, out, counts } = proposing();
    out.send({ type: 'end', reason: { code: 'cancelled' } });
    wire.drain();
    expect(overs).toEqual(['bob@b.example/phone over', 'bob@b.example/tablet over']);
    for (const each of counts()) expect(each).toEqual({ calls: 0, asked: 0, initiations: 0 });
  });

  it('forgets a proposal that nobody follows', () => {
    const { wire, proposals, overs, counts } = proposing();
    wire.twist = () => undefined;
    proposals[0]!.take();
    wire.drain();
    wire.clock.pass(180_001);
    expect(overs).toEqual(['bob@b.example/phone over', 'bob@b.example/tablet over']);
    expect(counts().slice(1)).toEqual(NOTHING);
  });

  it('tells the caller why a device refused', () => {
    const { wire, proposals, heard } = proposing();
    proposals[0]!.refuse({ condition: 'busy', text: 'Busy', details: [] });
    wire.drain();
    expect(endOf(heard)).toMatchObject({ code: 'busy', text: 'Busy' });
  });

  it('ends where there is no such account', () => {
    const wire = new Wire();
    const heard: Signal[] = [];
    const out = new OutgoingJingleLeg({ endpoint: wire.join(ALICE), from: ALICE, to: 'nobody@b.example' });
    out.attach((signal) => heard.push(signal));
    out.send({ type: 'offer', description: AUDIO_OFFER });
    wire.drain();
    expect(endOf(heard)).toMatchObject({ code: 'unavailable' });
  });
});

describe('recorded calls', () => {
  it.each(['stanza-chromium-av', 'stanza-chromium2firefox-audio', 'stanza-firefox2chromium-av'])(
    '%s: what the initiator sent is understood from beginning to end',
    (name) => {
      const sent = recordedStanzas().filter(
        (each) => each.name.startsWith(`${name}-initiator-`) && each.name.includes('-tx-'),
      );
      const wire = new Wire();
      const heard: Signal[] = [];
      const findings: string[] = [];
      const endpoint = wire.join(BOB, {
        onCall: (call, stanza) => {
          const leg = new IncomingJingleLeg(call, stanza, {
            endpoint,
            onFinding: ({ code }) => findings.push(code),
          });
          leg.attach((signal) => heard.push(signal));
        },
      });
      for (const { text: each } of sent)
        wire.send(each.replace(/^<iq /, `<iq from="${ALICE}" `).replace(/ to="[^"]*"/, ` to="${BOB}"`));
      wire.drain();
      expect(kinds(heard)[0]).toBe('offer');
      expect(kinds(heard)).toContain('candidates');
      expect(endOf(heard)).toMatchObject({ code: 'normal' });
      expect(findings).toEqual([]);
      expect(wire.seen.filter((each) => each.endsWith('error'))).toEqual([]);
      expect(endpoint.counts).toMatchObject({ calls: 0 });
    },
  );
});
