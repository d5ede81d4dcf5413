import {
  attribute,
  type Direction,
  direction,
  lineFrom,
  lineText,
  type MediaDescription,
  mapMedia,
  rejectMedia,
  replaceLine,
  type SessionDescription,
  setDirection,
  withAttribute,
  withConnection,
  withMedia,
  withoutAttribute,
  withoutLines,
  withSession,
} from '@crosspoint/sdp';
import type { Defect } from './defect.ts';
import { changeDescriptions } from './description-change.ts';

function withoutMids(description: SessionDescription): SessionDescription {
  const media = mapMedia(description, (section) => withoutAttribute(section, 'mid'));
  return withSession(media, (session) => withoutAttribute(session, 'group'));
}

function renamedMids(description: SessionDescription): SessionDescription {
  const name = (mid: string): string => `m${mid}`;
  const media = mapMedia(description, (section) => {
    const mid = attribute(section, 'mid');
    return mid === undefined ? section : withAttribute(section, 'mid', name(mid));
  });
  return withSession(media, (session) => {
    const group = attribute(session, 'group');
    return group === undefined
      ? session
      : withAttribute(session, 'group', { ...group, mids: group.mids.map(name) });
  });
}

function directed(description: SessionDescription, kind: string, value: Direction): SessionDescription {
  return mapMedia(description, (section) =>
    section.media === kind ? setDirection(section, value) : section,
  );
}

function rejected(description: SessionDescription, kind: string): SessionDescription {
  const without = mapMedia(description, (section) =>
    section.media === kind ? rejectMedia(section) : section,
  );
  const mids = description.media
    .filter((section) => section.media === kind)
    .map((section) => attribute(section, 'mid'));
  return withSession(without, (session) => {
    const group = attribute(session, 'group');
    if (group === undefined) return session;
    return withAttribute(session, 'group', {
      ...group,
      mids: group.mids.filter((mid) => !mids.includes(mid)),
    });
  });
}

const asksForHold = (description: SessionDescription, section: MediaDescription): boolean =>
  ['sendonly', 'inactive'].includes(direction(section, description.session));

const noMid: Defect = {
  id: 'sip-no-mid',
  title: 'The answer comes back without a=mid and without the BUNDLE group.',
  seen: 'The browser rejects the answer, or only the first m-section gets media.',
  clause: 'RFC 9429 section 5.3.1, RFC 9143 section 7.3',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, withoutMids),
};

const midRenamed: Defect = {
  id: 'sip-mid-renamed',
  title: "The answer renames the offer's mids.",
  seen: 'The browser rejects the answer.',
  clause: 'RFC 9143 section 7.3',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, renamedMids),
};

const groupStripped: Defect = {
  id: 'sip-group-stripped',
  title: 'The answer keeps its mids and loses its BUNDLE group.',
  seen: 'The browser rejects the answer, or the second m-section has no transport.',
  clause: 'RFC 9143 section 7.3',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, (description) =>
    withSession(description, (session) => withoutAttribute(session, 'group')),
  ),
};

const noRtcpMux: Defect = {
  id: 'sip-no-rtcp-mux',
  title: 'The answer comes back without a=rtcp-mux.',
  seen: 'The browser rejects the answer: its policy demands rtcp-mux.',
  clause: 'RFC 5761 section 5.1.1, RFC 8834 section 4.5',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, (description) =>
    mapMedia(description, (section) => withoutAttribute(section, 'rtcp-mux')),
  ),
};

const holdZero: Defect = {
  id: 'hold-zero',
  title: 'Hold is signalled by c=0.0.0.0 with a=sendrecv, the way of RFC 2543.',
  seen: 'The held side takes no notice and goes on sending.',
  clause: 'RFC 3264 section 8.4',
  scenario: 'call',
  check: 'hold-resume',
  change: changeDescriptions({ type: 'offer', exchange: 'later' }, (description) => {
    let held = description;
    description.media.forEach((section, index) => {
      if (!asksForHold(description, section)) return;
      held = withMedia(held, index, (media) =>
        withConnection(setDirection(media, 'sendrecv'), {
          netType: 'IN',
          addressType: 'IP4',
          address: '0.0.0.0',
        }),
      );
    });
    return held;
  }),
};

const holdNoReturn: Defect = {
  id: 'hold-no-return',
  title: 'The answer to the offer that ends a hold still says a=inactive.',
  seen: 'After the hold nobody hears the other again.',
  clause: 'RFC 3264 section 8.4',
  scenario: 'call',
  check: 'hold-resume',
  change: () => {
    let held = false;
    return changeDescriptions({ type: 'answer', exchange: 'later' }, (description, { offer }) => {
      const audio = offer?.media.find((section) => section.media === 'audio');
      if (offer === undefined || audio === undefined) return description;
      if (asksForHold(offer, audio)) {
        held = true;
        return description;
      }
      return held ? directed(description, 'audio', 'inactive') : description;
    })();
  },
};

const oneWay: Defect = {
  id: 'one-way-audio',
  title: "The answer's audio comes back as a=recvonly: the callee seems to send nothing.",
  seen: 'The callee hears the caller, and the caller hears nobody.',
  clause: 'RFC 3264 section 6.1',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, (description) =>
    directed(description, 'audio', 'recvonly'),
  ),
};

const dataRefused: Defect = {
  id: 'data-refused',
  title: "The answer refuses the data channel's m-section, which the callee had taken.",
  seen: 'Sound and pictures work; messages never arrive.',
  clause: 'RFC 3264 section 6, RFC 8841 section 10',
  scenario: 'call',
  check: 'data',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, (description) =>
    rejected(description, 'application'),
  ),
};

const videoRefused: Defect = {
  id: 'video-refused',
  title: 'The answer to an offer that adds video refuses it, which the callee had taken.',
  seen: 'The picture that was added in the call never appears.',
  clause: 'RFC 3264 section 8.1',
  scenario: 'audio-call',
  check: 'add-video',
  change: changeDescriptions({ type: 'answer', exchange: 'later' }, (description) =>
    rejected(description, 'video'),
  ),
};

const noMedia: Defect = {
  id: 'offer-zero-media',
  title: 'The offer comes without a single m-section.',
  seen: 'There is a call, and nothing in it.',
  clause: 'RFC 3264 section 5',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'offer', exchange: 'first' }, (description) =>
    withSession({ session: description.session, media: [] }, (session) => withoutAttribute(session, 'group')),
  ),
};

const mLineOrder: Defect = {
  id: 'm-line-order',
  title: 'The answer has its m-sections in another order than the offer.',
  seen: 'The browser rejects the answer.',
  clause: 'RFC 3264 section 6, RFC 9429 section 5.3.1',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, ({ session, media }) => ({
    session,
    media: [...media].reverse(),
  })),
};

const lineCount: Defect = {
  id: 'm-line-count',
  title: 'The offer reaches the callee with 200 m-sections more than the caller made.',
  seen: 'One side or the other refuses the description; neither must come to harm.',
  clause: 'RFC 3264 section 6',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'offer', exchange: 'first' }, (description) => {
    const first = description.media[0];
    if (first === undefined) return description;
    const bare = rejectMedia(withoutLines(first, ({ kind }) => kind !== 'm' && kind !== 'c'));
    const more = Array.from({ length: 200 }, (_, index) => withAttribute(bare, 'mid', `more${index}`));
    return { session: description.session, media: [...description.media, ...more] };
  }),
};

const trailingSpace: Defect = {
  id: 'trailing-space',
  title: 'The m= lines of the answer end in spaces.',
  seen: 'The browser cannot read the answer.',
  clause: 'RFC 8866 section 9',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, (description) =>
    mapMedia(description, (section) => {
      const line = section.lines[0];
      return line === undefined ? section : replaceLine(section, 0, lineFrom(`${lineText(line)}  `));
    }),
  ),
};

const removalLost: Defect = {
  id: 'removal-lost',
  title: 'The offer that closes the video m-section is lost on the way.',
  seen: 'Who took the picture out of the call goes on getting one.',
  clause: 'RFC 3264 section 8.2',
  scenario: 'audio-call',
  check: 'remove-video',
  change: changeDescriptions({ type: 'offer', exchange: 'later' }, (description, { previous }) =>
    description.media.some((section, index) => section.port === 0 && previous?.media[index]?.port !== 0)
      ? undefined
      : description,
  ),
};

export const NEGOTIATION_DEFECTS: readonly Defect[] = [
  noMid,
  midRenamed,
  groupStripped,
  noRtcpMux,
  mLineOrder,
  lineCount,
  removalLost,
  trailingSpace,
  noMedia,
  oneWay,
  dataRefused,
  videoRefused,
  holdZero,
  holdNoReturn,
];
