import { WebSocket } from 'ws';
import { type LoadOrder, relayedDescription } from './relay-message.ts';

// The clients of the relay benchmark, in a process of their own. Each pair has two calls, one placed by either side, and
// offer and answer alternate in both: so each connection always has one message of its own under way. A bare relay
// gets the same messages without the words that set the calls up.

const [, , mode, port, count] = process.argv as unknown as [string, string, string, string, string];
const connections = Number(count);
const description = relayedDescription();

interface Head {
  readonly type: string;
  readonly call?: string;
  readonly seq?: number;
}

interface Client {
  readonly index: number;
  readonly socket: WebSocket;
  sent: number;
  received: number;
  /** What this client calls the call that it placed, and the one that it took. */
  placed: string;
  taken: string;
}

const clients: Client[] = [];
let budget = 0;
let underWay = 0;
let measuring = false;
let done: () => void = () => {};

function write(client: Client, head: Record<string, unknown>, body?: string): void {
  const line = JSON.stringify({ ...head, seq: ++client.sent, ack: client.received });
  client.socket.send(body === undefined ? line : `${line}\n${body}`);
}

/** One exchange more on the call that this client placed; a call stops where its offer was answered. */
function offer(client: Client): void {
  if (budget > 0) {
    budget -= 2;
    write(client, { type: 'offer', call: client.placed }, description);
  } else if (--underWay === 0) done();
}

/** Every message of the measured part is an offer or an answer; both servers' clients read it alike. */
function take(client: Client, text: string, setUp: (client: Client, head: Head) => void): void {
  const lineFeed = text.indexOf('\n');
  const head = JSON.parse(lineFeed < 0 ? text : text.slice(0, lineFeed)) as Head;
  if (head.seq !== undefined) client.received = head.seq;
  if (head.type === 'offer') write(client, { type: 'answer', call: client.taken }, description);
  else if (head.type === 'answer' && measuring) offer(client);
  else setUp(client, head);
}

function openClient(index: number, setUp: (client: Client, head: Head) => void): Promise<Client> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/signal/ws`, { perMessageDeflate: false });
    const client: Client = { index, socket, sent: 0, received: 0, placed: '', taken: '' };
    socket.on('open', () => resolve(client));
    socket.on('error', reject);
    socket.on('close', (code, reason) => {
      throw new Error(`connection ${index} was closed: ${code} ${String(reason)}`);
    });
    socket.on('message', (data) => take(client, String(data), setUp));
  });
}

async function connectBare(): Promise<void> {
  for (let index = 0; index < connections; index++) {
    const client = await openClient(index, (_, head) => {
      throw new Error(`unexpected ${head.type}`);
    });
    // The relay changes nothing, so that both ends see one name of a call.
    client.placed = `call-placed-by-${index}`;
    client.taken = `call-placed-by-${index ^ 1}`;
    clients.push(client);
  }
}

async function connectOurs(): Promise<void> {
  let waiting = connections;
  let next: () => void = () => {};
  const step = (): void => {
    if (--waiting === 0) next();
  };
  const all = (): Promise<void> =>
    new Promise((resolve) => {
      waiting = connections;
      next = resolve;
    });
  for (let index = 0; index < connections; index++) {
    clients.push(
      await openClient(index, (client, head) => {
        if (head.type === 'registered') step();
        else if (head.type === 'incoming') {
          client.taken = head.call!;
          write(client, { type: 'accept', call: client.taken }, description);
        } else if (head.type === 'accept') step();
        else if (head.type === 'error' || head.type === 'end') throw new Error(JSON.stringify(head));
      }),
    );
  }
  const registered = all();
  for (const client of clients) {
    client.socket.send(JSON.stringify({ type: 'hello', version: 1, client: 'bench' }));
    write(client, { type: 'register', name: `user-${client.index}` });
  }
  await registered;
  const accepted = all();
  for (const client of clients) {
    client.placed = `call-placed-by-${client.index}`;
    write(client, { type: 'call', call: client.placed, to: `user-${client.index ^ 1}` }, description);
  }
  await accepted;
}

async function run(messages: number): Promise<void> {
  measuring = true;
  budget = messages;
  underWay = connections;
  await new Promise<void>((resolve) => {
    done = resolve;
    for (const client of clients) offer(client);
  });
  measuring = false;
}

process.on('message', (order: LoadOrder) => {
  const work = order.kind === 'run' ? run(order.messages) : mode === 'bare' ? connectBare() : connectOurs();
  void work.then(() => process.send!({ done: true }));
});
process.on('disconnect', () => process.exit());
