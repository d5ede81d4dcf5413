export type Subscription = 'none' | 'to' | 'from' | 'both';

/** How one user stands to one contact (RFC 6121 section 3 and appendix A). */
export interface SubscriptionState {
  readonly subscription: Subscription;
  /** The user asked to see the contact and has no answer yet. */
  readonly ask: boolean;
  /** The contact asked to see the user and has no answer yet. */
  readonly asked: boolean;
}

export type SubscriptionType = 'subscribe' | 'subscribed' | 'unsubscribe' | 'unsubscribed';

export const UNSUBSCRIBED: SubscriptionState = { subscription: 'none', ask: false, asked: false };

export function isSubscriptionType(type: string | undefined): type is SubscriptionType {
  return type === 'subscribe' || type === 'subscribed' || type === 'unsubscribe' || type === 'unsubscribed';
}

export function sees(subscription: Subscription): boolean {
  return subscription === 'to' || subscription === 'both';
}

export function isSeen(subscription: Subscription): boolean {
  return subscription === 'from' || subscription === 'both';
}

function of(to: boolean, from: boolean): Subscription {
  if (to) return from ? 'both' : 'to';
  return from ? 'from' : 'none';
}

/** What the user sends to the contact (RFC 6121 appendix A.2.1, outbound). */
export function stepOutbound(state: SubscriptionState, type: SubscriptionType): SubscriptionState {
  const { subscription } = state;
  const to = sees(subscription);
  const from = isSeen(subscription);
  switch (type) {
    case 'subscribe':
      return to ? state : { ...state, ask: true };
    case 'unsubscribe':
      return { ...state, subscription: of(false, from), ask: false };
    case 'subscribed':
      return state.asked ? { ...state, subscription: of(to, true), asked: false } : state;
    case 'unsubscribed':
      return { ...state, subscription: of(to, false), asked: false };
  }
}

/** What the contact sends to the user (RFC 6121 appendix A.3.1, inbound). */
export function stepInbound(state: SubscriptionState, type: SubscriptionType): SubscriptionState {
  const { subscription } = state;
  const to = sees(subscription);
  const from = isSeen(subscription);
  switch (type) {
    case 'subscribe':
      return from ? state : { ...state, asked: true };
    case 'unsubscribe':
      return { ...state, subscription: of(to, false), asked: false };
    case 'subscribed':
      return state.ask ? { ...state, subscription: of(true, from), ask: false } : state;
    case 'unsubscribed':
      return { ...state, subscription: of(false, from), ask: false };
  }
}
