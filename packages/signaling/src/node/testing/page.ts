import { WebSocket } from 'ws';
import { ClientSession, type ClientSessionEvents } from '../../browser/client-session.ts';
import { connectHttp } from '../../browser/http-connection.ts';
import { connectWs } from '../../browser/ws-connection.ts';
import type { ServerMessage } from '../../protocol.ts';
import type { MessageHead } from '../../wire.ts';
import type { Hub } from './hub.ts';
import { Waiting } from './waiting.ts';

// Node 20 has no WebSocket of its own; the page's code takes the global one.
Object.assign(globalThis, { WebSocket });

export type Transport = 'ws' | 'http';

type Of<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** The page's own session class against the real server, with all that it was told. */
export class Page {
  readonly session: ClientSession;
  readonly messages: { head: ServerMessage; sdp: string | undefined }[] = [];
  readonly states: string[] = [];
  readonly changed = new Waiting();
  #read = 0;

  constructor(hub: Hub, transport: Transport) {
    const events: ClientSessionEvents = {
      message: (head, sdp) => {
        this.messages.push({ head, sdp });
        this.changed.notify();
      },
      state: (state) => {
        this.states.push(state);
        this.changed.notify();
      },
    };
    const connect = transport === 'ws' ? connectWs(hub.ws) : connectHttp(hub.http);
    this.session = new ClientSession(connect, events, 'test page');
    this.session.start();
  }

  static async registered(hub: Hub, transport: Transport, name: string, token?: string): Promise<Page> {
    const page = new Page(hub, transport);
    page.say({ type: 'register', name, ...(token === undefined ? {} : { token }) });
    await page.next('registered');
    return page;
  }

  say(head: MessageHead, sdp?: string): void {
    this.session.send(head, sdp);
  }

  /** The next message of this type; what comes before it is passed over. */
  async next<Type extends ServerMessage['type']>(
    type: Type,
    fits: (head: Of<Type>) => boolean = () => true,
  ): Promise<{ head: Of<Type>; sdp: string | undefined }> {
    const find = (): number =>
      this.messages.findIndex(
        ({ head }, index) => index >= this.#read && head.type === type && fits(head as Of<Type>),
      );
    await this.changed.until(() => find() >= 0);
    const index = find();
    this.#read = index + 1;
    const { head, sdp } = this.messages[index]!;
    return { head: head as Of<Type>, sdp };
  }
}
