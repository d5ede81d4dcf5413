import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Builds the triangle's page, so that the suite never judges a stale one. */
export async function buildTrianglePage(): Promise<void> {
  const child = spawn(`${ROOT}/node_modules/.bin/vite`, ['build', '--logLevel', 'error'], {
    cwd: `${ROOT}/packages/web-phone`,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`vite build ended with ${status}`);
}

/** The triangle's server as a program of its own, on a free port. */
export async function startTriangleApp(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'src/main.ts', '--port', '0', '--json', '--ring-timeout', '120000'],
    {
      cwd: `${ROOT}/apps/triangle`,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, CROSSPOINT_CHILD: '1' },
    },
  );
  const { url } = JSON.parse(await firstLine(child)) as { url: string };
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return;
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      await over;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const over = once(child, 'exit').then(([status]) => {
    throw new Error(`the server ended with ${status} before it was ready`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), over])) as [string];
  over.catch(() => {});
  return line;
}
