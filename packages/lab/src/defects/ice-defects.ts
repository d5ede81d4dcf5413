import type { IceCandidate } from '@crosspoint/ice';
import {
  addCandidates,
  attribute,
  candidates,
  iceCredentials,
  mapMedia,
  removeCandidates,
  type Section,
  type SessionDescription,
  setDirection,
  withAttribute,
  withoutAttribute,
} from '@crosspoint/sdp';
import type { TrickledCandidate } from '@crosspoint/signaling';
import type { Defect, SeededChange } from './defect.ts';
import { changeDescriptions } from './description-change.ts';
import { everySection } from './every-section.ts';

/** Changes candidates wherever they stand: in descriptions and in messages of their own. `undefined` drops one. */
function changeCandidates(edit: (candidate: IceCandidate) => IceCandidate | undefined): () => SeededChange {
  return () => {
    const described = changeDescriptions({}, (description) => {
      const changed = description.media.map((media) => {
        const before = candidates(media);
        const after = before.map(edit).filter((each) => each !== undefined);
        const same = after.length === before.length && after.every((each, at) => each === before[at]);
        return same
          ? media
          : addCandidates(
              removeCandidates(media, () => true),
              after,
            );
      });
      const same = changed.every((media, at) => media === description.media[at]);
      return same ? description : { session: description.session, media: changed };
    })();
    return (signal, from) => {
      if (signal.type !== 'candidates') return described(signal, from);
      const after = signal.candidates.flatMap((each): TrickledCandidate[] => {
        if (each.candidate === undefined) return [each];
        const candidate = edit(each.candidate);
        if (candidate === each.candidate) return [each];
        return candidate === undefined ? [] : [{ ...each, candidate }];
      });
      if (
        after.length === signal.candidates.length &&
        after.every((each, at) => each === signal.candidates[at])
      )
        return [signal];
      return after.length === 0 ? [] : [{ type: 'candidates', candidates: after }];
    };
  };
}

function isRestart(description: SessionDescription, previous: SessionDescription | undefined): boolean {
  const before = previous?.media[0];
  const now = description.media[0];
  if (previous === undefined || before === undefined || now === undefined) return false;
  const old = iceCredentials(previous, before);
  const fresh = iceCredentials(description, now);
  return old !== undefined && fresh !== undefined && old.ufrag !== fresh.ufrag;
}

const noCandidates: Defect = {
  id: 'ice-no-candidates',
  title: 'Descriptions go out without candidates to a side that gets none later.',
  seen: 'The call is accepted and stays connecting: no pair can be formed.',
  clause: 'RFC 8839 section 4.2.1.1, RFC 8838 section 4',
  scenario: 'full-gathering',
  check: 'full-gathering',
  change: changeDescriptions({}, (description) => mapMedia(description, (media) => removeCandidates(media))),
};

const trickleLost: Defect = {
  id: 'candidates-early-lost',
  title: 'Candidates that come before the answer are dropped, and the later ones with them.',
  seen: 'The call is accepted and stays connecting.',
  clause: 'RFC 8838 section 4, XEP-0176 section 5.3',
  scenario: 'call',
  check: 'trickle',
  change: () => (signal) => (signal.type === 'candidates' ? [] : [signal]),
};

const mdns: Defect = {
  id: 'ice-mdns',
  title: 'Candidates name hosts (.local) that the other side cannot resolve.',
  seen: 'The call is accepted and stays connecting.',
  clause: 'draft-ietf-mmusic-mdns-ice-candidates section 3.1.1',
  scenario: 'call',
  check: 'audio',
  change: changeCandidates(({ spelling: _, ...candidate }) => ({
    ...candidate,
    address: 'b2a1f0d4-52c1-4c1e-9b5e-3d0a54f0c7aa.local',
  })),
};

const relayLost: Defect = {
  id: 'relay-lost',
  title: 'Relayed candidates are dropped on the way.',
  seen: 'Calls fail for those who can only use TURN.',
  clause: 'RFC 8838 section 4, RFC 8445 section 5.1.1',
  scenario: 'relay',
  check: 'relay',
  change: changeCandidates((candidate) => (candidate.type === 'relay' ? undefined : candidate)),
};

const restartUnseen: Defect = {
  id: 'ice-restart-ignored',
  title: 'New credentials are not taken for a restart: the old ones are passed on.',
  seen: 'A restart brings the path back on neither side.',
  clause: 'RFC 8445 section 9, XEP-0176 section 5.7',
  scenario: 'call',
  check: 'ice-restart',
  change: () => {
    const first = new Map<string, SessionDescription>();
    return changeDescriptions({}, (description, { from }) => {
      const before = first.get(from);
      if (before === undefined) {
        first.set(from, description);
        return description;
      }
      return mapMedia(description, (media, index) => {
        const old = before.media[index];
        const credentials = old === undefined ? undefined : iceCredentials(before, old);
        if (credentials === undefined || attribute(media, 'ice-ufrag') === undefined) return media;
        return withAttribute(
          withAttribute(media, 'ice-ufrag', credentials.ufrag),
          'ice-pwd',
          credentials.pwd,
        );
      });
    })();
  },
};

const noIce: Defect = {
  id: 'reinvite-no-ice',
  title: 'A re-offer comes without ICE credentials.',
  seen: 'The browser refuses the re-offer: no hold, no change, and media dies at the next refresh.',
  clause: 'RFC 8839 section 4.4.1',
  scenario: 'call',
  check: 'hold-resume',
  change: changeDescriptions({ type: 'offer', exchange: 'later' }, (description) =>
    everySection(description, <S extends Section>(section: S) =>
      withoutAttribute(withoutAttribute(section, 'ice-ufrag'), 'ice-pwd'),
    ),
  ),
};

const lostAfterRestart: Defect = {
  id: 'audio-lost-after-restart',
  title: 'The answer to an ICE restart comes back with its audio inactive.',
  seen: 'After a change of network the call stays up, and nobody hears anything.',
  clause: 'RFC 8445 section 9, RFC 3264 section 6.1',
  scenario: 'call',
  check: 'ice-restart',
  change: changeDescriptions({ type: 'answer', exchange: 'later' }, (description, { previous }) =>
    isRestart(description, previous)
      ? mapMedia(description, (media) => (media.media === 'audio' ? setDirection(media, 'inactive') : media))
      : description,
  ),
};

export const ICE_DEFECTS: readonly Defect[] = [
  noCandidates,
  trickleLost,
  mdns,
  relayLost,
  restartUnseen,
  noIce,
  lostAfterRestart,
];
