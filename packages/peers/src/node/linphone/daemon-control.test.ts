import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DaemonControl } from './daemon-control.ts';

describe("linphone-daemon's control socket", () => {
  let folder: string;
  let server: Server;
  let far: Socket;
  let control: DaemonControl;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crosspoint-test-'));
    const path = join(folder, 'pipe');
    server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const joined = once(server, 'connection');
    control = await DaemonControl.open(path, () => undefined, 5000);
    [far] = (await joined) as [Socket];
  });
  afterEach(() => {
    control.close();
    far.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the reply of each command, in order, and nothing for an error', async () => {
    far.on('data', (chunk: Buffer) => {
      const ok = chunk.toString() === 'call bob\n';
      far.write(ok ? 'Status: Ok\n\nId: 3\n' : 'Status: Error\nReason: none\n');
    });
    const replies = [control.ask('call bob'), control.ask('answer')];
    expect(await Promise.all(replies)).toEqual(['Status: Ok\n\nId: 3\n', undefined]);
  });

  it('does not wait for the reply of a program that is let go', async () => {
    const asked = [control.ask('pop-event'), control.ask('pop-event')];
    await once(far, 'data');
    control.close();
    const settled = await Promise.allSettled([...asked, control.ask('pop-event')]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});
