import { XmppServer } from '@crosspoint/xmpp/node';
import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ClientInProcess } from './client-in-process.ts';
import { FarSide } from './far-side.ts';

export const DOMAIN = 'jingle.test';
export const PATTERNS = { alice: 3, bob: 7, carol: 12 } as const;
type Name = keyof typeof PATTERNS;

/** A server on this machine, clients that are tested, and far sides that a test speaks for. */
export class ClientLab {
  readonly server = new XmppServer({ domain: DOMAIN, users: { alice: 'a', bob: 'b', carol: 'c' } });
  readonly #ports = { tcp: 0, ws: 0 };
  clients: ClientInProcess[] = [];
  #farSides: FarSide[] = [];

  static async start(): Promise<ClientLab> {
    // Node 20 has none, and @xmpp/client takes it from there.
    vi.stubGlobal('WebSocket', WebSocket);
    const lab = new ClientLab();
    lab.#ports.tcp = (await lab.server.listen({ service: 'client', host: '127.0.0.1', port: 0 })).port;
    lab.#ports.ws = (await lab.server.listen({ service: 'websocket', host: '127.0.0.1', port: 0 })).port;
    return lab;
  }

  async client(name: Name, open: Record<string, unknown> = {}): Promise<ClientInProcess> {
    const made = new ClientInProcess();
    this.clients.push(made);
    await made.run('open-jingle', this.opening(name, open));
    return made;
  }

  /** What `open-jingle` is asked with. */
  opening(name: Name, open: Record<string, unknown>): Record<string, unknown> {
    const { transport = 'tcp' } = open;
    return {
      server: transport === 'tcp' ? `127.0.0.1:${this.#ports.tcp}` : `ws://127.0.0.1:${this.#ports.ws}/xmpp`,
      transport,
      ...{ domain: DOMAIN, user: name, password: name[0], mediaAddress: '127.0.0.1' },
      ...{ pattern: PATTERNS[name], audioCodecs: [], videoCodecs: [], audio: true, video: false },
      ...{ data: false, trickle: true, resource: 'phone' },
      ...open,
    };
  }

  async far(name: Name): Promise<FarSide> {
    const far = await FarSide.logIn({
      service: `xmpp://127.0.0.1:${this.#ports.tcp}`,
      ...{ domain: DOMAIN, user: name, password: name[0]! },
    });
    this.#farSides.push(far);
    return far;
  }

  /** Everybody logs out and closes the connection; nobody had a fault, and nothing is left at the server. */
  async clear(): Promise<void> {
    for (const each of this.clients.splice(0)) await each.run('close');
    for (const each of this.#farSides.splice(0)) await each.logOut();
    // The server learns it a moment later.
    await vi.waitFor(() => expect(this.server.counts).toMatchObject({ connections: 0, resources: 0 }));
  }

  async stop(): Promise<void> {
    await this.server.close();
    vi.unstubAllGlobals();
  }
}
