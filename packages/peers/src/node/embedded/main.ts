import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline';
import { EmbeddedPeer, Unsupported } from './embedded-peer.ts';

/** The embedded peer as a program: JSON lines of the peer contract on standard input and output. */
const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
const tell = (event: string, more: Record<string, unknown> = {}): void =>
  say({ event, at: performance.timeOrigin + performance.now(), ...more });

const peer = new EmbeddedPeer(tell, () => randomInt(2 ** 47) / 2 ** 47);

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

/** Once what was said is out. */
function leave(): void {
  process.stdout.write('', () => process.exit(0));
}

// What a far side sends must not end the process; what gets here is a fault of this program, and is told.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  tell('trouble', { words: `fault in the embedded peer: ${error.message}` });
});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => void answer(line));
// Whoever started this process is gone.
lines.on('close', leave);
tell('ready');
