import { connect } from 'node:net';

const AGAIN_MS = 50;

/** Opens streams until the server answers one with its features, or is gone, or the time is over. */
export async function answersStream(
  address: string,
  port: number,
  domain: string,
  gone: () => boolean,
  timeoutMs: number,
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (!gone() && performance.now() < end) {
    if (await ask(address, port, domain)) return true;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  return false;
}

function ask(address: string, port: number, domain: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    let text = '';
    const finish = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(2000, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () =>
      socket.write(
        `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}' version='1.0'>`,
      ),
    );
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8');
      if (text.includes('</stream:features>')) finish(true);
    });
  });
}
