/** Session timers (RFC 4028): what is asked for and what holds. All times in seconds. */
export interface SessionTimerWish {
  /** Session-Expires to ask for. */
  readonly expires: number;
  /** The smallest that is taken: Min-SE. Below 90 only in a lab of one's own, which says so in no Min-SE (section 5). */
  readonly minimum: number;
}

export interface SessionTimer {
  readonly expires: number;
  /** Who refreshes: the user agent client or server of the request that set the timer. */
  readonly refresher: 'uac' | 'uas';
}

export const SMALLEST_SESSION_EXPIRES = 90;

export interface SessionTimerRequest {
  /** `Session-Expires` of the request, as written. */
  readonly sessionExpires: string | undefined;
  /** `Min-SE` of the request, as written. */
  readonly minSe: string | undefined;
  /** Whether the request says `Supported: timer`. */
  readonly supported: boolean;
}

export type SessionTimerAnswer =
  | { readonly type: 'none' }
  /** 422 with this Min-SE (section 6). */
  | { readonly type: 'too-small'; readonly minimum: number }
  | { readonly type: 'timer'; readonly timer: SessionTimer; readonly require: boolean };

/** What the user agent server makes of a request (section 9 and table 2). */
export function answerSessionTimer(
  request: SessionTimerRequest,
  wish: SessionTimerWish | undefined,
): SessionTimerAnswer {
  const asked = parseSessionExpires(request.sessionExpires);
  const minimum = wish?.minimum ?? SMALLEST_SESSION_EXPIRES;
  const unsaid = Math.min(minimum, SMALLEST_SESSION_EXPIRES);
  const theirMinimum = parseSessionExpires(request.minSe)?.expires ?? unsaid;
  if (asked !== undefined && request.supported && asked.expires < minimum)
    return { type: 'too-small', minimum };
  if (asked === undefined && wish === undefined) return { type: 'none' };
  const expires =
    asked === undefined
      ? Math.max(wish!.expires, theirMinimum)
      : Math.max(Math.min(asked.expires, wish?.expires ?? asked.expires), theirMinimum, minimum);
  // Table 2: a client that knows timers decides who refreshes, and where it does not say, it does so itself.
  const refresher = request.supported ? (asked?.refresher ?? 'uac') : 'uas';
  return { type: 'timer', timer: { expires, refresher }, require: refresher === 'uac' };
}

/** What the user agent client makes of a 2xx (section 7.2); undefined where no timer runs. */
export function acceptedSessionTimer(
  sessionExpires: string | undefined,
  asked: SessionTimerWish | undefined,
): SessionTimer | undefined {
  const answer = parseSessionExpires(sessionExpires);
  if (answer !== undefined) return { expires: answer.expires, refresher: answer.refresher ?? 'uac' };
  return asked === undefined ? undefined : { expires: asked.expires, refresher: 'uac' };
}

/** When to act, in milliseconds from the last refresh (section 10). */
export function sessionTimerDelay(timer: SessionTimer, refreshing: boolean): number {
  const { expires } = timer;
  return 1000 * (refreshing ? expires / 2 : expires - Math.min(32, expires / 3));
}

/** The headers that ask for a timer. */
export function sessionTimerHeaders(wish: SessionTimerWish): readonly (readonly [string, string])[] {
  const expires = ['Session-Expires', writeSessionExpires(wish)] as const;
  return wish.minimum < SMALLEST_SESSION_EXPIRES ? [expires] : [expires, ['Min-SE', String(wish.minimum)]];
}

/** The value of a Session-Expires header. */
export function writeSessionExpires(timer: {
  readonly expires: number;
  readonly refresher?: 'uac' | 'uas';
}): string {
  return timer.refresher === undefined ? `${timer.expires}` : `${timer.expires};refresher=${timer.refresher}`;
}

/** Reads Session-Expires or Min-SE; undefined where it is absent or malformed. */
export function parseSessionExpires(
  value: string | undefined,
): { readonly expires: number; readonly refresher?: 'uac' | 'uas' } | undefined {
  const match = /^\s*(\d{1,9})\s*(;.*)?$/.exec(value ?? '');
  if (match === null) return undefined;
  const refresher = /;\s*refresher\s*=\s*(uac|uas)\b/i.exec(match[2] ?? '')?.[1]?.toLowerCase();
  const expires = Number(match[1]);
  return refresher === undefined ? { expires } : { expires, refresher: refresher === 'uac' ? 'uac' : 'uas' };
}
