import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** A port on this address that no one has now, free for UDP and TCP. Another program may take it before it is used. */
export async function freePort(address: string): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = await freeTcpPort(address);
    if (await isFreeUdp(address, port)) return port;
  }
  throw new Error(`no port free for UDP and TCP on ${address}`);
}

/** An even port with the next one free, too: RTP and RTCP (RFC 3550 section 11). */
export async function freePortPair(address: string): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = 2 * Math.floor((await freeTcpPort(address)) / 2);
    if ((await isFreeUdp(address, port)) && (await isFreeUdp(address, port + 1))) return port;
  }
  throw new Error(`no two neighbouring UDP ports free on ${address}`);
}

/** A port with the one behind the next free, too: SIPp binds both for media, whether its scenario has any or not. */
export async function freeMediaPorts(address: string): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = await freeTcpPort(address);
    if ((await isFreeUdp(address, port)) && (await isFreeUdp(address, port + 2))) return port;
  }
  throw new Error(`no UDP ports free for media on ${address}`);
}

function freeTcpPort(address: string): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => {
      const bound = server.address();
      server.close(() => {
        if (typeof bound === 'object' && bound !== null) resolve(bound.port);
        else reject(new Error(`no address on ${address}`));
      });
    });
  });
}

function isFreeUdp(address: string, port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, address, () => socket.close(() => resolve(true)));
  });
}
