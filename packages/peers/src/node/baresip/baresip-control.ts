import { connect, type Socket } from 'node:net';
import { encodeNetstring, NetstringCutter } from './netstring.ts';

const AGAIN_MS = 25;
const REPLY_MS = 5000;

/** An event of baresip's module `ctrl_tcp`. */
export interface BaresipEvent {
  readonly type: string;
  readonly direction?: 'incoming' | 'outgoing';
  readonly peeruri?: string;
  readonly id?: string;
  readonly param?: string;
}

interface Reply {
  readonly ok: boolean;
  readonly data: string;
}

/** The control connection of one baresip: JSON in netstrings over TCP. */
export class BaresipControl {
  readonly #socket: Socket;
  readonly #asked = new Map<string, (reply: Reply) => void>();
  #next = 1;

  private constructor(socket: Socket, heard: (event: BaresipEvent) => void) {
    this.#socket = socket;
    const cutter = new NetstringCutter();
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const text of cutter.take(chunk)) this.#take(JSON.parse(text) as Record<string, unknown>, heard);
      } catch (error) {
        // What came before was right; nothing after it can be read.
        socket.destroy(error instanceof Error ? error : undefined);
      }
    });
  }

  /**
   * Connects, again and again until the program listens.
   * @throws Error where it is `over`, or does not listen in time
   */
  static async open(
    port: number,
    over: () => string | undefined,
    heard: (event: BaresipEvent) => void,
    timeoutMs: number,
  ): Promise<BaresipControl> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const socket = await tryConnect(port);
      if (socket !== undefined) return new BaresipControl(socket, heard);
      const why = over() ?? (Date.now() > deadline ? `does not listen on port ${port}` : undefined);
      if (why !== undefined) throw new Error(why);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  #take(said: Record<string, unknown>, heard: (event: BaresipEvent) => void): void {
    if (said.event === true) {
      heard(said as unknown as BaresipEvent);
      return;
    }
    const token = String(said.token);
    this.#asked.get(token)?.({ ok: said.ok === true, data: String(said.data ?? '') });
    this.#asked.delete(token);
  }

  /** Gives a command and waits for what it printed. @throws Error where it is refused or not answered */
  async ask(command: string, params = ''): Promise<string> {
    const token = String(this.#next++);
    const reply = await new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#asked.delete(token);
        reject(new Error(`no answer to ${command} within ${REPLY_MS} ms`));
      }, REPLY_MS);
      this.#asked.set(token, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#socket.write(encodeNetstring(JSON.stringify({ command, params, token })));
    });
    if (!reply.ok)
      throw new Error(`${command} was refused${reply.data === '' ? '' : `: ${reply.data.trim()}`}`);
    return reply.data;
  }

  close(): void {
    this.#socket.destroy();
  }
}

function tryConnect(port: number): Promise<Socket | undefined> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => resolve(undefined));
  });
}
