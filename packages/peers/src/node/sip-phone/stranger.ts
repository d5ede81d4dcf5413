import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

/** RFC 3261 section 17.1.1.2: the first time after which an INVITE over UDP is sent again. */
const T1_MS = 500;
const TRIES = 6;

/**
 * Calls an address by an INVITE over UDP as somebody whom nobody knows, and acknowledges the refusal.
 * @param server whom to ask: `127.0.0.1:5060`
 * @returns the status of the final response; undefined where there was none within three seconds
 */
export async function strangerInvites(server: string, to: string): Promise<number | undefined> {
  const [host, port] = [server.slice(0, server.lastIndexOf(':')), Number(server.split(':').at(-1))];
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve) =>
      socket.bind(0, host.startsWith('127.') ? '127.0.0.1' : '0.0.0.0', resolve),
    );
    const own = `${socket.address().address}:${socket.address().port}`;
    const id = randomBytes(8).toString('hex');
    const request = (method: string, toValue: string, body: string): string =>
      [
        `${method} ${to} SIP/2.0`,
        `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${id};rport`,
        'Max-Forwards: 70',
        `From: <sip:stranger@elsewhere.invalid>;tag=${id.slice(0, 6)}`,
        `To: ${toValue}`,
        `Call-ID: ${id}`,
        `CSeq: 1 ${method}`,
        `Contact: <sip:stranger@${own}>`,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
    const description =
      'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n';
    return await new Promise<number | undefined>((resolve) => {
      let tries = 0;
      const again = setInterval(() => send(), T1_MS);
      const over = (status: number | undefined): void => {
        clearInterval(again);
        resolve(status);
      };
      const send = (): void => {
        if (tries++ === TRIES) over(undefined);
        else socket.send(request('INVITE', `<${to}>`, description), port, host);
      };
      socket.on('error', () => over(undefined));
      socket.on('message', (bytes) => {
        const text = bytes.toString('latin1');
        const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
        if (status < 200 || !text.includes(id)) return;
        const answered = /^To\s*:\s*(.+)$/im.exec(text)?.[1]?.trim() ?? `<${to}>`;
        socket.send(request('ACK', answered, ''), port, host, () => over(status));
      });
      send();
    });
  } finally {
    socket.close();
  }
}
