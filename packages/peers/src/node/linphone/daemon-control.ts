import { connect, type Socket } from 'node:net';

const AGAIN_MS = 40;
const REPLY_MS = 15_000;
/** How long after a piece of a reply another one may come: its replies have no end mark. */
const QUIET_MS = 5;

/** The control socket of one linphone-daemon: one command at a time, replies of a few lines. */
export class DaemonControl {
  readonly #socket: Socket;
  #heard: (text: string) => void = () => {};
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#heard(chunk.toString('utf8')));
  }

  /** Connects, again and again until the program listens. @throws Error where it is `over` or does not in time */
  static async open(path: string, over: () => string | undefined, timeoutMs: number): Promise<DaemonControl> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const socket = connect(path);
      const connected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.on('error', () => resolve(false));
      });
      if (connected) return new DaemonControl(socket);
      const why = over() ?? (Date.now() > deadline ? `nobody listens at ${path}` : undefined);
      if (why !== undefined) throw new Error(why);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  /**
   * Gives a command; the reply's text, or `undefined` where its status is an error.
   * @throws Error without a reply: at once where the connection is closed before it
   */
  ask(command: string): Promise<string | undefined> {
    const work = this.#turn.then(() => this.#ask(command));
    this.#turn = work.catch(() => {});
    return work;
  }

  async #ask(command: string): Promise<string | undefined> {
    if (this.#socket.destroyed) throw new Error(`no connection for ${command}`);
    let timer: NodeJS.Timeout | undefined;
    let gone = (): void => {};
    try {
      const text = await new Promise<string>((resolve, reject) => {
        let all = '';
        let quiet: NodeJS.Timeout | undefined;
        timer = setTimeout(() => reject(new Error(`no reply to ${command}`)), REPLY_MS);
        gone = () => reject(new Error(`the connection was closed before the reply to ${command}`));
        this.#socket.once('close', gone);
        this.#heard = (piece) => {
          all += piece;
          clearTimeout(quiet);
          quiet = setTimeout(() => resolve(all), QUIET_MS);
        };
        this.#socket.write(`${command}\n`);
      });
      return text.includes('Status: Ok') ? text : undefined;
    } finally {
      clearTimeout(timer);
      this.#socket.off('close', gone);
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
