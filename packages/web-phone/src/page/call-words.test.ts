import { describe, expect, it } from 'vitest';
import { describeCall } from './call-words.ts';
import { IDLE, type PhoneState } from './phone-state.ts';

const joined: PhoneState = { ...IDLE, name: 'alice', registered: true, signaling: 'open' };
const connected: PhoneState = { ...joined, phase: 'connected', party: 'bob', transport: 'connected' };
const path = (local: string, remote: string): PhoneState['figures'] => ({
  transport: { local, remote },
  audio: {},
  video: {},
});

describe('describeCall', () => {
  it('names each step of a call', () => {
    const main = (change: Partial<PhoneState>): string =>
      describeCall({ ...joined, party: 'bob', ...change }).main;
    expect(main({ phase: 'calling' })).toBe('Calling bob…');
    expect(main({ phase: 'ringing' })).toBe('Ringing bob');
    expect(main({ phase: 'incoming' })).toBe('bob is calling');
    expect(main({ phase: 'connected' })).toBe('Connected with bob');
    expect(main({ phase: 'idle', ended: 'busy' })).toBe('Call with bob ended: busy');
  });

  it('says encrypted only of a transport that is up, and how it goes only when that is known', () => {
    expect(describeCall({ ...connected, transport: 'connecting' }).detail).not.toContain('ncrypted');
    expect(describeCall(connected).detail).toBe('Encrypted end to end (DTLS-SRTP)');
    expect(describeCall({ ...connected, figures: path('host', 'prflx') }).detail).toContain(', directly');
    expect(describeCall({ ...connected, figures: path('host', 'relay') }).detail).toContain('TURN');
  });

  it('does not say that nobody is there where it is not told who is', () => {
    expect(describeCall(joined).detail).toBe('Nobody else is here yet.');
    expect(describeCall(joined, false).detail).toBe('Choose whom to call.');
  });

  it('tells who holds whom', () => {
    expect(describeCall({ ...connected, heldByParty: true }).main).toBe('On hold by bob');
    expect(describeCall({ ...connected, holding: true }).main).toBe('bob is on hold');
    expect(describeCall({ ...connected, holding: true, heldByParty: true }).main).toContain('and by you');
  });

  it('says first that signaling is lost, and keeps what the call does', () => {
    const words = describeCall({ ...connected, signaling: 'lost' });
    expect(words.main).toBe('Connected with bob');
    expect(words.detail).toMatch(/^Signaling lost, resuming… Encrypted/);
    expect(describeCall({ ...IDLE, signaling: 'lost' }).detail).toBe('');
  });
});
