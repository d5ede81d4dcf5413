import type { PhoneState } from './phone-state.ts';

/** What the call is doing: a line, and a second one that says more. */
export interface CallWords {
  readonly main: string;
  readonly detail: string;
}

/** Says in words what the telephone is doing now. @param seesOthers whether it is told who else is there */
export function describeCall(state: PhoneState, seesOthers = true): CallWords {
  const words = phaseWords(state, seesOthers);
  const signaling = signalingWords(state);
  return signaling === '' ? words : { main: words.main, detail: [signaling, words.detail].join(' ').trim() };
}

function signalingWords({ registered, signaling }: PhoneState): string {
  if (!registered) return '';
  if (signaling === 'lost') return 'Signaling lost, resuming…';
  if (signaling === 'over') return 'The server forgot this page, joining again…';
  return '';
}

function phaseWords(state: PhoneState, seesOthers: boolean): CallWords {
  const { phase, party } = state;
  switch (phase) {
    case 'calling':
      return { main: `Calling ${party}…`, detail: '' };
    case 'ringing':
      return { main: `Ringing ${party}`, detail: 'Waiting for an answer.' };
    case 'early':
      return { main: `Ringing ${party}`, detail: 'The far side sends media before it answers.' };
    case 'incoming':
      return { main: `${party} is calling`, detail: '' };
    case 'connected':
      return connectedWords(state);
    case 'idle':
    case 'ended':
      return idleWords(state, seesOthers);
  }
}

function idleWords({ registered, name, users, party, ended }: PhoneState, seesOthers: boolean): CallWords {
  if (!registered) return { main: name === '' ? 'Not joined' : `Joining as ${name}…`, detail: '' };
  const next = seesOthers && users.length === 0 ? 'Nobody else is here yet.' : 'Choose whom to call.';
  if (ended !== '') return { main: `Call with ${party} ended: ${ended}`, detail: next };
  return { main: 'Ready', detail: next };
}

function connectedWords(state: PhoneState): CallWords {
  const { party, holding, heldByParty } = state;
  const detail = transportWords(state);
  if (holding && heldByParty) return { main: `On hold by ${party} and by you`, detail };
  if (heldByParty) return { main: `On hold by ${party}`, detail };
  if (holding) return { main: `${party} is on hold`, detail };
  return { main: `Connected with ${party}`, detail };
}

function transportWords({ transport, figures }: PhoneState): string {
  switch (transport) {
    case 'connected':
      return `Encrypted end to end (DTLS-SRTP)${pathWords(figures?.transport)}`;
    case 'disconnected':
      return 'The media path is interrupted; waiting for it to come back.';
    case 'failed':
      return 'The media path has failed.';
    case 'none':
    case 'closed':
      return '';
    default:
      return 'Looking for a media path…';
  }
}

function pathWords(path: { local?: string; remote?: string } | undefined): string {
  if (path?.local === undefined || path.remote === undefined) return '';
  return path.local === 'relay' || path.remote === 'relay' ? ', through a TURN server' : ', directly';
}
