import type { MediaEvidence } from './media-evidence.ts';
import type { PageSignaling } from './page-signaling.ts';
import type { PhoneState } from './phone-state.ts';
import type { PageSettings } from './settings.ts';

/** All that the page shows: the telephone, and what is the page's own. */
export interface ViewState {
  readonly phone: PhoneState;
  readonly settings: PageSettings;
  /** How the page signals, as far as it is seen. */
  readonly signaling: Pick<PageSignaling, 'link' | 'lacks'>;
  /** A person joined by the form: the page rings, measures and shows the own picture. Automation wants none of it. */
  readonly person: boolean;
  readonly chatOpen: boolean;
  readonly unread: number;
  /** What of the far side was decoded here lately. */
  readonly evidence: MediaEvidence;
  /** A button's work is under way: the person is perhaps asked for the camera. */
  readonly pending: boolean;
  /** What went wrong with the last button. */
  readonly failure: string;
}

/** What the buttons do. */
export interface Actions {
  join(settings: PageSettings): void;
  leave(): void;
  dial(to: string, video: boolean): void;
  accept(video: boolean): void;
  hangUp(): void;
  mute(on: boolean): void;
  hold(on: boolean): void;
  camera(on: boolean): void;
  share(on: boolean): void;
  say(text: string): void;
  /** Dials a digit in the call. */
  press(digit: string): void;
  /** Hands the call over to somebody else. */
  transfer(target: string): void;
  /** Holds the call and asks somebody else first. */
  consult(target: string): void;
  connectBoth(): void;
  openChat(open: boolean): void;
}

/** In a call, or being called. */
export function inCall({ phase }: PhoneState): boolean {
  return phase !== 'idle' && phase !== 'ended';
}
