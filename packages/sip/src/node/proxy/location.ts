import type { Flow, SipAddress } from '../transport/flow.ts';

/** One Contact of one user, as registered (RFC 3261 section 10.3). */
export interface Binding {
  /** The Contact's address, as written. */
  readonly uri: string;
  /** The whole Contact value without `expires`, for answers. */
  readonly contact: string;
  readonly callId: string;
  readonly cseqNumber: number;
  /** Moment at which it runs out, in milliseconds of the clock. */
  readonly until: number;
  readonly q: number;
  /** Values of Path, to be the Route toward the contact (RFC 3327). */
  readonly path: readonly string[];
  /** The connection it registered over, which is the way to it as long as it is open (RFC 5626). */
  readonly flow: Flow | undefined;
  /** Nothing else leads there (RFC 7118 section 5, RFC 5626): without its connection it is gone. */
  readonly isFlowOnly: boolean;
  /** Where its datagrams came from, where a NAT stands before it. */
  readonly source: SipAddress | undefined;
  /** `+sip.instance` and `reg-id`: registers anew in the place of the same pair (RFC 5626 section 6). */
  readonly outbound: string | undefined;
}

export interface LocationLimits {
  readonly users: number;
  readonly contactsPerUser: number;
}

/** Where users are. Bounded; what ran out is dropped when it is met, and by `sweep`. */
export class Location {
  readonly #limits: LocationLimits;
  readonly #users = new Map<string, Binding[]>();

  constructor(limits: LocationLimits) {
    this.#limits = limits;
  }

  /** Users with a binding. */
  get size(): number {
    return this.#users.size;
  }

  find(user: string, now: number): readonly Binding[] {
    const bindings = this.#users.get(user);
    if (bindings === undefined) return [];
    return bindings.filter(
      ({ until, flow, isFlowOnly }) => until > now && !(isFlowOnly && flow?.closed === true),
    );
  }

  /** False where there is no room. */
  replace(user: string, bindings: readonly Binding[]): boolean {
    if (bindings.length === 0) {
      this.#users.delete(user);
      return true;
    }
    if (bindings.length > this.#limits.contactsPerUser) return false;
    if (!this.#users.has(user) && this.#users.size >= this.#limits.users) return false;
    this.#users.set(user, [...bindings]);
    return true;
  }

  /** Forgets what was registered over a connection that is gone. */
  flowClosed(flow: Flow): void {
    this.#keep((binding) => !binding.isFlowOnly || binding.flow !== flow);
  }

  /** Forgets what ran out. */
  sweep(now: number): void {
    this.#keep(({ until }) => until > now);
  }

  #keep(stays: (binding: Binding) => boolean): void {
    for (const [user, bindings] of this.#users) {
      const left = bindings.filter(stays);
      if (left.length === 0) this.#users.delete(user);
      else if (left.length < bindings.length) this.#users.set(user, left);
    }
  }
}
