import type { TraceEntry } from '@crosspoint/signaling';

/** Calls whose members are remembered. */
const KEPT = 500;

/** Who takes part in each call of a trace: the users that its INVITEs name. */
export class CallMembers {
  readonly #calls = new Map<string, Set<string>>();

  /** Takes note of an entry of the trace. */
  note({ call, summary, raw }: TraceEntry): void {
    if (call === undefined || summary !== 'INVITE') return;
    const members = this.#calls.get(call) ?? new Set();
    const uris = [/^INVITE (\S+)/.exec(raw)?.[1], ...['From', 'To'].map((name) => header(raw, name))];
    for (const uri of uris) {
      const user = /sips?:([^@;>\s]+)@/i.exec(uri ?? '')?.[1];
      if (user !== undefined) members.add(user);
    }
    this.#calls.set(call, members);
    if (this.#calls.size > KEPT) this.#calls.delete(this.#calls.keys().next().value!);
  }

  has(call: string | undefined, user: string): boolean {
    return call !== undefined && this.#calls.get(call)?.has(user) === true;
  }
}

function header(raw: string, name: string): string | undefined {
  return new RegExp(`^(?:${name}|${name[0]})\\s*:(.*)$`, 'im').exec(raw)?.[1];
}
