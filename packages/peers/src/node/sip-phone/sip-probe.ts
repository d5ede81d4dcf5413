import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

/** Between two tries, in milliseconds. */
const AGAIN_MS = 40;

/**
 * Asks with OPTIONS over UDP (RFC 3261 section 11) until anything answers, or until `over` or the deadline.
 * @returns whether it was answered
 */
export async function answersOptions(
  address: string,
  port: number,
  over: () => boolean,
  timeoutMs: number,
): Promise<boolean> {
  const socket = createSocket('udp4');
  let answered = false;
  try {
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
    const own = `${address}:${socket.address().port}`;
    let wake = (): void => {};
    socket.on('error', () => {});
    socket.on('message', (bytes) => {
      if (!bytes.toString('latin1').startsWith('SIP/2.0 ')) return;
      answered = true;
      wake();
    });
    const deadline = Date.now() + timeoutMs;
    for (let sequence = 1; !answered && !over() && Date.now() < deadline; sequence += 1) {
      const id = randomBytes(6).toString('hex');
      const lines = [
        `OPTIONS sip:${address}:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${id};rport`,
        `From: <sip:probe@${own}>;tag=${id}`,
        `To: <sip:${address}:${port}>`,
        `Call-ID: ${id}`,
        `CSeq: ${sequence} OPTIONS`,
        'Max-Forwards: 70',
        'Content-Length: 0',
      ];
      socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, address);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, AGAIN_MS);
      });
    }
    return answered;
  } finally {
    socket.close();
  }
}
