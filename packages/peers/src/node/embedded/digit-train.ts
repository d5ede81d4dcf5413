import { telephoneEventTrain } from '@crosspoint/media';

/** Between two digits, in packets of 20 ms: enough for who listens for the pause, too. */
const PAUSE_PACKETS = 3;

/** What goes out in one packet's time of 20 ms: part of a digit, or, between digits, sound. */
export type DigitSlot =
  | {
      readonly kind: 'event';
      /** The digit begins here. */
      readonly first: boolean;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'pause' };

/**
 * Digits as telephone-events (RFC 4733), laid into the packets' even stream.
 * @throws FormatError for a character that is no DTMF digit
 */
export function digitSlots(digits: string, durationMs: number): DigitSlot[] {
  return [...digits].flatMap((digit): DigitSlot[] => [
    ...telephoneEventTrain({ digit, durationMs }).map(
      ({ marker, payload }): DigitSlot => ({ kind: 'event', first: marker, payload }),
    ),
    ...Array.from({ length: PAUSE_PACKETS }, (): DigitSlot => ({ kind: 'pause' })),
  ]);
}
