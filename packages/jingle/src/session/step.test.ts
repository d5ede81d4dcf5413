import { describe, expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { parseJingle, writeJingle } from '../stanza/jingle-stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { compareOctets, type JingleSession, startSession, winsInitiation } from './session.ts';
import { type OwnAction, type SessionEffect, step } from './step.ts';

const AUDIO = { creator: 'initiator', name: 'a' } as const;
const VIDEO = { creator: 'initiator', name: 'v' } as const;
const THEIR_VIDEO = { creator: 'responder', name: 'v' } as const;

function content(key: { creator: string; name: string }, senders = 'both'): XmlElement {
  return element(NS.jingle, 'content', { creator: key.creator, name: key.name, senders }, [
    element(NS.rtp, 'description', { media: 'audio' }),
    element(NS.iceUdp, 'transport'),
  ]);
}

function stanza(
  action: string,
  keys: readonly { creator: string; name: string }[] = [],
  payload: XmlElement[] = [],
  senders = 'both',
) {
  return parseJingle(
    writeJingle({
      action: action as never,
      sid: 's',
      contents: keys.map((key) => content(key, senders)),
      payload,
    }),
  );
}

/** Runs inputs one after another; gives the session and the effects of the last. */
function run(
  session: JingleSession,
  ...inputs: Parameters<typeof step>[1][]
): { session: JingleSession; words: string[] } {
  let now = session;
  let words: string[] = [];
  for (const input of inputs) {
    const after = step(now, input);
    now = after.session;
    words = after.effects.map(word);
  }
  return { session: now, words };
}

function word(effect: SessionEffect): string {
  switch (effect.type) {
    case 'error':
      return `error ${effect.error.condition}${effect.error.jingle === undefined ? '' : ` ${effect.error.jingle}`}`;
    case 'refused':
      return `refused ${effect.why}`;
    case 'collided':
      return `collided ${effect.action}`;
    case 'failed':
      return `failed ${effect.own.action}`;
    case 'ended':
      return `ended by ${effect.by}`;
    default:
      return effect.type;
  }
}

const received = (...args: Parameters<typeof stanza>) =>
  ({ type: 'received', stanza: stanza(...args) }) as const;
const sent = (action: OwnAction['action'], contents: OwnAction['contents'] = []) =>
  ({ type: 'send', own: { action, contents } }) as const;
const replied = (
  action: OwnAction['action'],
  contents: OwnAction['contents'] = [],
  error?: { condition: string; jingle?: 'unknown-session' | 'tie-break' },
) =>
  ({
    type: 'replied',
    own: { action, contents },
    error: error === undefined ? undefined : ({ type: 'cancel', ...error } as const),
  }) as const;

const start = (role: 'initiator' | 'responder') =>
  startSession('s', role, [{ ...AUDIO, senders: undefined }]);
const active = (role: 'initiator' | 'responder') =>
  role === 'initiator'
    ? run(start(role), replied('session-initiate'), received('session-accept', [AUDIO])).session
    : run(start(role), sent('session-accept', [AUDIO]), replied('session-accept', [AUDIO])).session;

describe('a session', () => {
  it('is accepted by the responder, and ends', () => {
    const initiator = run(
      start('initiator'),
      replied('session-initiate'),
      received('session-accept', [AUDIO]),
    );
    expect(initiator.words).toEqual(['acknowledge', 'tell']);
    expect(initiator.session).toMatchObject({
      phase: 'active',
      outstanding: [],
      contents: [{ state: 'accepted' }],
    });
    const over = run(initiator.session, sent('session-terminate'));
    expect(over.words).toEqual(['transmit', 'ended by here']);
    expect(run(over.session, received('transport-info', [AUDIO])).words).toEqual([
      'error item-not-found unknown-session',
    ]);
    expect(run(over.session, sent('session-info')).words).toEqual(['refused ended']);
    const responder = run(active('responder'), received('session-terminate'));
    expect(responder.words).toEqual(['acknowledge', 'tell', 'ended by there']);
  });

  it('takes transport-info before the accept, from both sides', () => {
    for (const role of ['initiator', 'responder'] as const) {
      expect(run(start(role), received('transport-info', [AUDIO])).words).toEqual(['acknowledge', 'tell']);
      expect(run(start(role), sent('transport-info', [AUDIO])).words).toEqual(['transmit']);
    }
  });

  it.each([
    ['responder', received('session-accept', [AUDIO])],
    ['responder', received('session-initiate', [AUDIO])],
    ['initiator', received('session-initiate', [AUDIO])],
    ['initiator', received('content-accept', [AUDIO])],
    ['responder', received('content-add', [AUDIO])],
    ['responder', received('transport-accept', [AUDIO])],
  ] as const)('%s: out of order (%#)', (role, input) => {
    const session = input.stanza.action === 'content-accept' ? active(role) : start(role);
    const { words, session: after } = run(session, input);
    expect(words).toEqual(['error unexpected-request out-of-order']);
    expect(after).toBe(session);
  });

  it('refuses our own actions that are out of order', () => {
    expect(run(start('initiator'), sent('session-accept', [AUDIO])).words).toEqual(['refused out-of-order']);
    expect(run(active('responder'), sent('session-accept', [AUDIO])).words).toEqual(['refused out-of-order']);
    expect(run(active('responder'), sent('content-modify', [VIDEO])).words).toEqual([
      'refused unknown-content',
    ]);
  });

  it('does not know a content that is not there', () => {
    for (const action of ['content-modify', 'content-remove', 'transport-info', 'transport-replace'])
      expect(run(active('responder'), received(action, [VIDEO])).words).toEqual(['error item-not-found']);
  });

  it('says which informational messages it understands', () => {
    for (const info of ['ringing', 'hold', 'unhold', 'mute', 'unmute', 'active'])
      expect(
        run(active('initiator'), received('session-info', [], [element(NS.rtpInfo, info)])).words,
      ).toEqual(['acknowledge', 'tell']);
    expect(run(active('initiator'), received('session-info')).words).toEqual(['acknowledge', 'tell']);
    for (const payload of [element(NS.rtpInfo, 'dance'), element('urn:x', 'ringing')])
      expect(run(active('initiator'), received('session-info', [], [payload])).words).toEqual([
        'error feature-not-implemented unsupported-info',
      ]);
    expect(run(active('initiator'), received('security-info')).words).toEqual([
      'error feature-not-implemented unsupported-info',
    ]);
  });

  it('adds, accepts, rejects, modifies and removes contents', () => {
    const added = run(active('responder'), received('content-add', [VIDEO]));
    expect(added.session.contents[1]).toMatchObject({ name: 'v', state: 'proposed-there' });
    expect(run(added.session, received('content-accept', [VIDEO])).words).toEqual([
      'error unexpected-request out-of-order',
    ]);
    const accepted = run(added.session, sent('content-accept', [VIDEO]));
    expect(accepted.session.contents[1]).toMatchObject({ state: 'accepted' });
    expect(run(added.session, sent('content-reject', [VIDEO])).session.contents).toHaveLength(1);
    const modified = run(accepted.session, received('content-modify', [VIDEO], [], 'initiator'));
    expect(modified.session.contents[1]).toMatchObject({ senders: 'initiator' });
    expect(run(modified.session, received('content-remove', [VIDEO])).session.contents).toHaveLength(1);
    const ours = run(
      active('responder'),
      sent('content-add', [THEIR_VIDEO]),
      replied('content-add', [THEIR_VIDEO]),
    );
    expect(ours.session.outstanding).toHaveLength(1);
    expect(run(ours.session, received('content-accept', [THEIR_VIDEO])).session.outstanding).toEqual([]);
  });

  it('replaces a transport once, and answers it', () => {
    const asked = run(active('responder'), received('transport-replace', [AUDIO]));
    expect(asked.session.contents[0]).toMatchObject({ replacing: 'there' });
    expect(
      run(asked.session, sent('transport-accept', [AUDIO])).session.contents[0]!.replacing,
    ).toBeUndefined();
    const asking = run(
      active('initiator'),
      sent('transport-replace', [AUDIO]),
      replied('transport-replace', [AUDIO]),
    );
    expect(run(asking.session, received('transport-reject', [AUDIO])).session.outstanding).toEqual([]);
  });

  it.each(['content-add', 'content-modify', 'transport-replace'] as const)(
    'lets the initiator win where both send %s',
    (action) => {
      const key = action === 'content-add' ? VIDEO : AUDIO;
      const other = action === 'content-add' ? THEIR_VIDEO : AUDIO;
      const initiator = run(active('initiator'), sent(action, [key]), received(action, [other]));
      expect(initiator.words).toEqual(['error conflict tie-break']);
      const responder = run(active('responder'), sent(action, [other]), received(action, [key]));
      expect(responder.words).toEqual(['acknowledge', `collided ${action}`, 'tell']);
      expect(responder.session.outstanding).toEqual([]);
      const late = run(
        responder.session,
        replied(action, [other], { condition: 'conflict', jingle: 'tie-break' }),
      );
      expect(late.words).toEqual([]);
      expect(responder.session.contents.some(({ creator }) => creator === 'responder')).toBe(false);
    },
  );

  it('ends when the far side does not know it, or refuses the first stanza', () => {
    const lost = run(
      active('initiator'),
      sent('session-info'),
      replied('session-info', [], { condition: 'item-not-found', jingle: 'unknown-session' }),
    );
    expect(lost.words).toEqual(['failed session-info', 'ended by there']);
    const refused = run(
      start('initiator'),
      replied('session-initiate', [], { condition: 'service-unavailable' }),
    );
    expect(refused.words).toEqual(['failed session-initiate', 'ended by there']);
    const info = run(
      active('initiator'),
      sent('session-info'),
      replied('session-info', [], { condition: 'feature-not-implemented' }),
    );
    expect(info.session.phase).toBe('active');
  });
});

describe('two initiations at once', () => {
  it('are decided by octets, then by the JID', () => {
    expect(winsInitiation({ sid: 'a', jid: 'z' }, { sid: 'b', jid: 'a' })).toBe(true);
    expect(winsInitiation({ sid: 'b', jid: 'a' }, { sid: 'B', jid: 'z' })).toBe(false);
    expect(winsInitiation({ sid: 'a', jid: 'a' }, { sid: 'a', jid: 'b' })).toBe(true);
    // UTF-16 would order these the other way.
    expect(compareOctets('\uff5e', '\u{10000}')).toBeLessThan(0);
    expect(compareOctets('ab', 'a')).toBeGreaterThan(0);
  });
});
