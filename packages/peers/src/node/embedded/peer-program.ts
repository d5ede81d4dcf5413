import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline';

/** The command is understood and cannot be done by this peer. */
export class Unsupported extends Error {}

/** Says an event of the peer contract. */
export type Tell = (event: string, more?: Record<string, unknown>) => void;

/** What stands behind the lines of the peer contract. */
export interface CommandedPeer {
  /** Does one command. @throws Unsupported, or Error in words */
  run(command: string, args: Readonly<Record<string, unknown>>): Promise<object>;
  /** Ends the call and gives the name back. */
  close(): Promise<void>;
}

/** Makes this process a peer: JSON lines of the peer contract on standard input and output, until `quit`. */
export function runPeerProgram(
  name: string,
  makePeer: (tell: Tell, random: () => number) => CommandedPeer,
): void {
  const say = (line: object): void => {
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  const tell: Tell = (event, more = {}) =>
    say({ event, at: performance.timeOrigin + performance.now(), ...more });

  const peer = makePeer(tell, () => randomInt(2 ** 47) / 2 ** 47);

  /** Once what was said is out. */
  const leave = (): void => {
    process.stdout.write('', () => process.exit(0));
  };

  async function answer(line: string): Promise<void> {
    let asked: Record<string, unknown>;
    try {
      asked = JSON.parse(line) as Record<string, unknown>;
    } catch {
      tell('trouble', { words: 'a command that is not JSON' });
      return;
    }
    const { id, command, ...args } = asked;
    try {
      if (command === 'quit') {
        await peer.close().catch(() => {});
        say({ id, ok: true, result: {} });
        return leave();
      }
      say({ id, ok: true, result: await peer.run(String(command), args) });
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      if (error instanceof Unsupported) say({ id, ok: false, unsupported: true, why: words });
      else say({ id, ok: false, error: words });
    }
  }

  // What a far side sends must not end the process; what gets here is a fault of this program, and is told.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    tell('trouble', { words: `fault in the ${name}: ${error.message}` });
  });

  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => void answer(line));
  // Whoever started this process is gone.
  lines.on('close', leave);
  tell('ready');
}
