import type { Endpoint, PeerCommand, PeerCommands, PeerEvent } from '@crosspoint/peers';

/** An endpoint as one scenario sees it: what it said in earlier ones is not there. */
export class EndpointView implements Endpoint {
  readonly #endpoint: Endpoint;
  readonly #from: number;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#from = endpoint.events.length;
  }

  get label(): string {
    return this.#endpoint.label;
  }

  get events(): readonly PeerEvent[] {
    return this.#endpoint.events.slice(this.#from);
  }

  ask<C extends PeerCommand>(
    command: C,
    args: PeerCommands[C],
    timeoutMs?: number,
  ): Promise<Record<string, unknown>> {
    return this.#endpoint.ask(command, args, timeoutMs);
  }

  wait(what: string, fits: (event: PeerEvent) => boolean, timeoutMs: number, since = 0): Promise<PeerEvent> {
    return this.#endpoint.wait(what, fits, timeoutMs, since + this.#from);
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }
}
