import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { openRawPhone, type RawPhone, rawRequest } from '../testing/raw-phone.ts';
import { type ProxyOptions, SipProxy } from './sip-proxy.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function openPhone(): Promise<RawPhone> {
  const phone = await openRawPhone();
  closing.push(() => phone.socket.close());
  return phone;
}

async function openProxy(options: Partial<ProxyOptions> = {}): Promise<number> {
  const proxy = new SipProxy({ domains: ['lab.example'], clock: new FakeClock(), ...options });
  closing.push(() => proxy.close());
  return (await proxy.listen({ transport: 'udp', host: '127.0.0.1', port: 0 })).port;
}

describe('where a registered phone is reached over UDP', () => {
  it.each([
    ['at its Contact, which is another socket of it', 'own', 'listening'],
    ['at the source of its datagrams, where a NAT stands before it', '192.168.7.7:5060', 'registering'],
  ] as const)('%s', async (_name, sentBy, reached) => {
    const port = await openProxy();
    const registering = await openPhone();
    const listening = await openPhone();
    const isOwn = sentBy === 'own';
    const contact = isOwn ? `sip:bob@127.0.0.1:${listening.port}` : `sip:bob@${sentBy}`;
    const via = isOwn ? `127.0.0.1:${registering.port}` : sentBy;
    const register = rawRequest('REGISTER', 'sip:lab.example', via, [`Contact: <${contact}>`]);
    registering.socket.send(register, port, '127.0.0.1');
    expect(await registering.heard.next()).toMatch(/^SIP\/2\.0 200 /);

    const caller = await openPhone();
    const options = rawRequest('OPTIONS', 'sip:bob@lab.example', `127.0.0.1:${caller.port}`);
    caller.socket.send(options, port, '127.0.0.1');
    const phone = { registering, listening }[reached];
    expect(await phone.heard.next()).toContain(`OPTIONS ${contact} SIP/2.0`);
  });
});

describe('an ACK of a caller that keeps no route set', () => {
  it('goes where its INVITE went, and nowhere for an address of somebody else', async () => {
    const callee = await openPhone();
    const contact = `sip:service@127.0.0.1:${callee.port}`;
    const port = await openProxy({ route: ({ user }) => (user === 'service' ? contact : undefined) });
    const caller = await openPhone();
    const say = (method: string, uri: string): void =>
      caller.socket.send(rawRequest(method, uri, `127.0.0.1:${caller.port}`), port, '127.0.0.1');
    // Past the proxy's own users there is only the refusal of a relay, which ACK does not get.
    say('ACK', contact);
    say('ACK', 'sip:service@lab.example');
    const heard = await callee.heard.next();
    expect(heard).toContain(`ACK ${contact} SIP/2.0`);
    expect(heard).toContain('Max-Forwards: 69');
    say('OPTIONS', 'sip:service@lab.example');
    // Nothing was between them: the first ACK did not pass.
    expect(await callee.heard.next()).toContain(`OPTIONS ${contact} SIP/2.0`);
  });
});
