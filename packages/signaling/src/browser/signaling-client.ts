import type { EndReason } from '../end-reason.ts';
import type { IceServer, ServerMessage } from '../protocol.ts';
import type { CallEvents, CallOptions } from './call-events.ts';
import type { Connect } from './client-connection.ts';
import { ClientSession } from './client-session.ts';
import { WebCall } from './web-call.ts';

export interface ClientEvents {
  registered(name: string, token: string, iceServers: readonly IceServer[]): void;
  presence(users: readonly { name: string; busy: boolean }[]): void;
  /** Someone calls; `accept` or `end` it. */
  incoming(call: WebCall): void;
  /** The far side sent us on: `start` this call, or `close` it. Who sent us is told how it goes. */
  handedOver(call: WebCall, to: string): void;
  connection(state: 'open' | 'lost' | 'over', why: string): void;
  refused(code: string, text: string): void;
  wire?(direction: 'in' | 'out', text: string): void;
}

export interface ClientSettings {
  readonly connect: Connect;
  /** Names the program to the server, for its log. */
  readonly client: string;
  readonly callEvents: (call: { readonly id: string; readonly party: string }) => CallEvents;
  readonly callOptions: () => Omit<CallOptions, 'iceServers'>;
  readonly newCallId: () => string;
}

/** A page's whole signaling: one session, one name, its calls. */
export class SignalingClient {
  readonly #session: ClientSession;
  readonly #settings: ClientSettings;
  readonly #events: ClientEvents;
  readonly #calls = new Map<string, WebCall>();
  /** The calls whose far side sent us on and waits for how that goes. */
  readonly #following = new Set<WebCall>();
  #name = '';
  #token: string | undefined;
  #iceServers: readonly IceServer[] = [];

  constructor(settings: ClientSettings, events: ClientEvents) {
    this.#settings = settings;
    this.#events = events;
    const wire = events.wire?.bind(events);
    this.#session = new ClientSession(
      settings.connect,
      {
        message: (head, sdp) => this.#take(head, sdp),
        state: (state, why) => this.#stateChanged(state, why),
        ...(wire !== undefined ? { wire } : {}),
      },
      settings.client,
    );
  }

  /** Takes a name. With the token of an earlier registration it is taken back. */
  register(name: string, token?: string): void {
    const first = this.#name === '';
    this.#name = name;
    this.#token = token;
    if (first) this.#session.start();
    this.#sendRegister();
  }

  #sendRegister(): void {
    this.#session.send({
      type: 'register',
      name: this.#name,
      ...(this.#token !== undefined ? { token: this.#token } : {}),
    });
  }

  get calls(): readonly WebCall[] {
    return [...this.#calls.values()];
  }

  get iceServers(): readonly IceServer[] {
    return this.#iceServers;
  }

  /** Makes a call to a name; `start` it with tracks. */
  call(to: string): WebCall {
    return this.#make(this.#settings.newCallId(), to, true);
  }

  /** Cuts the connection as a network does, until `reconnect`. */
  cut(): void {
    this.#session.cut();
  }

  reconnect(): void {
    this.#session.reconnect();
  }

  /** Gives the name back and ends the session. */
  leave(): void {
    for (const call of this.calls) call.end({ code: 'normal' });
    this.#session.send({ type: 'leave' });
    this.#session.stop();
  }

  #make(
    id: string,
    party: string,
    outgoing: boolean,
    replaces?: string,
    watch?: CallEvents['phase'],
  ): WebCall {
    const events = this.#settings.callEvents({ id, party });
    const call = new WebCall(
      id,
      party,
      outgoing,
      (head, sdp) => this.#session.send(head, sdp),
      {
        ...this.#settings.callOptions(),
        iceServers: this.#iceServers.map((server) => ({
          ...server,
          urls: [...server.urls],
        })) as RTCIceServer[],
      },
      {
        ...events,
        phase: (phase, reason) => {
          if (phase === 'ended') this.#calls.delete(id);
          events.phase(phase, reason);
          watch?.(phase, reason);
        },
      },
      replaces,
    );
    this.#calls.set(id, call);
    return call;
  }

  /** Does what a transfer asks for: a call as the page itself would place it. */
  #follow(asker: WebCall, target: string, replaces: string | undefined): void {
    if (asker.phase !== 'connected' || this.#following.has(asker)) {
      asker.transferred({ code: 'declined', text: 'one transfer at a time, and in a call' });
      return;
    }
    this.#following.add(asker);
    const tell = (reason?: EndReason): void => {
      if (this.#following.delete(asker)) asker.transferred(reason);
    };
    const call = this.#make(this.#settings.newCallId(), target, true, replaces, (phase, reason) => {
      if (phase === 'connected') tell();
      else if (phase === 'ended') tell(reason ?? { code: 'unavailable' });
    });
    this.#events.handedOver(call, target);
  }

  #stateChanged(state: 'open' | 'lost' | 'over' | 'replaced', why: string): void {
    if (state === 'over' || state === 'replaced') {
      const reason: EndReason = { code: 'unavailable', text: 'the server forgot the call' };
      for (const call of this.calls) call.close(reason);
    }
    if (state === 'over') this.#sendRegister();
    // The next `register` begins anew.
    if (state === 'replaced') this.#name = '';
    this.#events.connection(state === 'replaced' ? 'over' : state, why);
  }

  #take(head: ServerMessage, sdp: string | undefined): void {
    switch (head.type) {
      case 'registered':
        this.#token = head.token;
        this.#iceServers = head.iceServers;
        return this.#events.registered(head.name, head.token, head.iceServers);
      case 'presence':
        return this.#events.presence(head.users);
      case 'incoming': {
        const call = this.#make(head.call, head.from, false, head.replaces);
        this.#events.incoming(call);
        void call.ring(sdp);
        return;
      }
      case 'transfer': {
        const asker = this.#calls.get(head.call);
        if (asker !== undefined) this.#follow(asker, head.target, head.replaces);
        return;
      }
      case 'error':
        if (head.call !== undefined && this.#calls.has(head.call))
          this.#calls.get(head.call)!.take(head, sdp);
        else this.#events.refused(head.code, head.text);
        return;
    }
    if ('call' in head) this.#calls.get(head.call)?.take(head, sdp);
  }
}
