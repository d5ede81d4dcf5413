/**
 * When a re-INVITE refused with 491 may be tried again, in milliseconds (RFC 3261 section 14.1): who made the Call-ID
 * waits longer, so that the two do not meet again.
 */
export function glareRetryRange(ownsCallId: boolean): { readonly least: number; readonly most: number } {
  return ownsCallId ? { least: 2100, most: 4000 } : { least: 0, most: 2000 };
}

/** What is going on in a dialog when an offer comes or is to go. */
export interface OfferState {
  /** Our INVITE or UPDATE (with an offer) has no final response. */
  readonly localPending: boolean;
  /** The far side's INVITE or UPDATE has no final response from us. */
  readonly remotePending: boolean;
}

/** What answers an INVITE or an UPDATE with an offer (RFC 3261 section 14.2, RFC 3311 section 5.2); undefined: take it. */
export function refuseOffer(state: OfferState): 491 | 500 | undefined {
  if (state.remotePending) return 500;
  return state.localPending ? 491 : undefined;
}
