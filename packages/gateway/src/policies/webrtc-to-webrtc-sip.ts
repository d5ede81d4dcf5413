import { attribute, type LazyDescription, type SessionDescription } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import type { CallTimers } from '../call-timers.ts';
import type { CallPolicy } from '../policy.ts';
import type { Side } from '../side.ts';
import { fromWebrtcPhone } from './from-webrtc-phone.ts';
import { Gathering } from './gathering.ts';
import { toWebrtcPhone, type WebrtcPhone } from './to-webrtc-phone.ts';

export interface WebrtcSipOptions {
  /** Which side is the SIP phone. */
  readonly phoneSide: Side;
  readonly phone?: WebrtcPhone;
  readonly timers: CallTimers;
  /** How long the browser's candidates are waited for, in milliseconds; 2000 without it. */
  readonly gatherMs?: number;
}

const GATHER_MS = 2000;

/** Between a browser and a SIP phone that itself speaks ICE and DTLS-SRTP: media goes directly, descriptions are fitted. */
export function webrtcToWebrtcSip(options: WebrtcSipOptions): CallPolicy {
  const { phoneSide, phone = {}, timers, gatherMs = GATHER_MS } = options;
  const gathering = new Gathering(timers, gatherMs);
  let phoneOffer: SessionDescription | undefined;
  let browserOffer: SessionDescription | undefined;
  let browserLast: SessionDescription | undefined;
  /** The phone's part in DTLS, once an answer settled it. */
  let phoneRole: 'active' | 'passive' | undefined;

  const toPhone = (signal: Signal): readonly Signal[] | Promise<readonly Signal[]> => {
    if (signal.type === 'candidates') {
      if (phone.trickles === true) return [signal];
      gathering.add(signal.candidates);
      return [];
    }
    if (signal.type !== 'offer' && signal.type !== 'answer') return [signal];
    const { type, description } = signal;
    browserLast = description.typed();
    if (type === 'offer') browserOffer = browserLast;
    else phoneRole = otherRole(setupOf(browserLast)) ?? phoneRole;
    const answers = type === 'answer' ? phoneOffer : undefined;
    const fit = (whole: LazyDescription): readonly Signal[] => [
      { type, description: toWebrtcPhone(whole, phone, answers) },
    ];
    if (phone.trickles === true) return fit(description);
    const whole = gathering.complete(description);
    return whole instanceof Promise ? whole.then(fit) : fit(whole);
  };

  const fromPhone = (signal: Signal): readonly Signal[] => {
    if (signal.type !== 'offer' && signal.type !== 'answer') return [signal];
    const { type, description } = signal;
    if (type === 'offer') phoneOffer = description.typed();
    const answers = type === 'answer' ? browserOffer : undefined;
    const fitted = fromWebrtcPhone(description, answers, browserLast, phoneRole);
    if (type === 'answer') {
      const said = setupOf(fitted.typed());
      if (said === 'active' || said === 'passive') phoneRole = said;
    }
    return [{ type, description: fitted }];
  };

  return phoneSide === 'callee'
    ? { toCallee: toPhone, toCaller: fromPhone }
    : { toCallee: fromPhone, toCaller: toPhone };
}

/** What the first m-section in use says of the DTLS role, or the session for it. */
function setupOf(description: SessionDescription): string | undefined {
  const media = description.media.find(({ port }) => port !== 0);
  return (
    (media === undefined ? undefined : attribute(media, 'setup')) ?? attribute(description.session, 'setup')
  );
}

function otherRole(role: string | undefined): 'active' | 'passive' | undefined {
  if (role === 'active') return 'passive';
  return role === 'passive' ? 'active' : undefined;
}
