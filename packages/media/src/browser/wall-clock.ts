/**
 * The clock that both ends of a probe share, in milliseconds since 1970. `Date.now()` and not
 * `performance.timeOrigin + performance.now()`: an audio worklet has only the former, and the latter walks away from
 * it in a page that is open for hours.
 */
export const wallClockMs = (): number => Date.now();
