import { createSocket, type Socket } from 'node:dgram';

const SRV = 33;
const A = 1;
const NO_SUCH_NAME = 3;

/** Where the servers of some domains are, for a program that asks DNS (RFC 1035) and nothing else. */
export class LabNames {
  readonly port: number;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
  }

  /** Answers on a free port: SRV records of these domains (RFC 2782), their addresses, and "no such name" at once for all else. */
  static async start(
    address: string,
    servers: Readonly<Record<string, { readonly host: string; readonly port: number }>>,
  ): Promise<LabNames> {
    const socket = createSocket('udp4');
    socket.on('message', (bytes, { port, address: from }) => {
      const reply = answer(bytes, servers);
      if (reply !== undefined) socket.send(reply, port, from);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, address, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.on('error', () => {});
    return new LabNames(socket);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/** The answer to one question; `undefined` for what is none. */
export function answer(
  query: Buffer,
  servers: Readonly<Record<string, { readonly host: string; readonly port: number }>>,
): Buffer | undefined {
  if (query.length < 17 || query.readUInt16BE(4) !== 1 || (query[2]! & 0x80) !== 0) return undefined;
  const labels: string[] = [];
  let at = 12;
  for (let size = query[at]!; size !== 0; size = query[at]!) {
    if (size > 63 || at + size + 1 >= query.length) return undefined;
    labels.push(query.toString('latin1', at + 1, at + 1 + size).toLowerCase());
    at += size + 1;
  }
  if (at + 5 > query.length) return undefined;
  const type = query.readUInt16BE(at + 1);
  const service = labels[0] === '_xmpp-server' && labels[1] === '_tcp';
  const domain = (service ? labels.slice(2) : labels).join('.');
  const place = Object.hasOwn(servers, domain) ? servers[domain] : undefined;
  const data = place === undefined ? undefined : recordOf(type, service, place);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // An authoritative answer; of a name that is there but not in this type, none (RFC 2308 section 2.2).
  header.writeUInt16BE(0x8580 | (place === undefined ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data === undefined ? 0 : 1, 6);
  const question = query.subarray(12, at + 5);
  if (data === undefined) return Buffer.concat([header, question]);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([header, question, record, data]);
}

function recordOf(
  type: number,
  service: boolean,
  { host, port }: { readonly host: string; readonly port: number },
): Buffer | undefined {
  if (type === A && !service) return Buffer.from(host.split('.').map(Number));
  if (type !== SRV || !service) return undefined;
  const start = Buffer.alloc(6);
  start.writeUInt16BE(port, 4);
  // The address stands for the host's name: ejabberd has the machine look that up, which knows of no lab.
  const name = host
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([start, ...name, Buffer.from([0])]);
}
