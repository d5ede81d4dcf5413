import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '@crosspoint/report';

type Network = Host['network'];

/** Set in the process that runs inside the lab's own network. */
const INSIDE = 'CROSSPOINT_NETWORK';
const ADDRESS = '10.9.1.1';

/**
 * One address on one veth, and a default route that leads nowhere: Firefox gathers no candidate without a default route,
 * baresip and libnice none on loopback. Nothing leaves the machine, and all runs are alike.
 */
const SET_UP = `set -e
ip link set lo up
ip link add v0 type veth peer name v1
ip addr add ${ADDRESS}/24 dev v0
ip link set v0 up
ip link set v1 up
ip route add default via 10.9.1.254 dev v0
mount --bind "$CROSSPOINT_ETC/hosts" /etc/hosts
mount --bind "$CROSSPOINT_ETC/resolv.conf" /etc/resolv.conf
`;

/** Where the lab runs now: in a network of its own, or on the machine's address. */
export function currentNetwork(): Network {
  const inside = process.env[INSIDE];
  if (inside === 'namespace' || inside === 'user-namespace') {
    return {
      kind: inside,
      address: ADDRESS,
      words:
        inside === 'namespace'
          ? "a network namespace of the lab's own"
          : "a network in an unprivileged user namespace of the lab's own",
    };
  }
  return {
    kind: 'machine',
    address: ownAddress(),
    words: `this machine's own address (${process.env[`${INSIDE}_WHY`] ?? 'as asked'})`,
  };
}

function ownAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const address of addresses ?? [])
      if (address.family === 'IPv4' && !address.internal) return address.address;
  }
  return '127.0.0.1';
}

/**
 * Runs this same command again inside a network of its own, where the system allows it, and gives its exit status.
 * `undefined`: this process is to do the work itself, because it is inside already or because there is no other way.
 */
export async function enterNetwork(): Promise<number | undefined> {
  if (process.env[INSIDE] !== undefined) {
    // The process outside is gone, perhaps killed: nobody would read what is done here.
    process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    return undefined;
  }
  if (process.platform !== 'linux') return stay("namespaces are Linux's");
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-etc-'));
  try {
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'hosts'), '127.0.0.1 localhost lab.localhost\n');
    writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
    const root = process.getuid?.() === 0;
    const flags = root ? ['--net', '--mount'] : ['--user', '--map-root-user', '--net', '--mount'];
    const env = { ...process.env, CROSSPOINT_ETC: folder };
    const trial = spawnSync('unshare', [...flags, 'sh', '-c', SET_UP], { env, encoding: 'utf8' });
    if (trial.error !== undefined) return stay('unshare is not installed');
    if (trial.status !== 0)
      return stay(`no namespace: ${(trial.stderr || '').trim().split('\n')[0] || `status ${trial.status}`}`);
    return await inside(flags, { ...env, [INSIDE]: root ? 'namespace' : 'user-namespace' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function stay(why: string): undefined {
  process.env[`${INSIDE}_WHY`] = why;
  return undefined;
}

async function inside(flags: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  // `exec` all the way: the child is the lab itself, so that a signal reaches it.
  const script = `${SET_UP}exec "$0" "$@"`;
  const child = spawn(
    'unshare',
    [...flags, 'sh', '-c', script, process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    {
      env,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  );
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  // A terminal sends its Ctrl-C to both; from elsewhere a signal comes to this process only. Twice does no harm.
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  return new Promise((resolve) => {
    child.once('error', () => resolve(3));
    child.once('exit', (code) => resolve(code ?? 3));
  });
}
