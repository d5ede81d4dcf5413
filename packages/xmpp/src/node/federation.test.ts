import { afterEach, describe, expect, it } from 'vitest';
import type { XmlElement } from '../xml/element.ts';
import { xml } from '../xml/element.ts';
import { writeElement } from '../xml/write.ts';
import { makeCertificate } from './certificate.ts';
import { type LabServer, startLabServer } from './testing/lab-server.ts';
import { RawStream } from './testing/raw-stream.ts';
import { until } from './testing/until.ts';

const labs: LabServer[] = [];
const places = new Map<string, number>();

afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.server.close();
  places.clear();
});

async function start(domain: string, options: Parameters<typeof startLabServer>[0] = {}): Promise<LabServer> {
  const lab = await startLabServer({
    domain,
    resolve: (name) => {
      const port = places.get(name);
      return port === undefined ? undefined : { host: '127.0.0.1', port };
    },
    ...options,
  });
  labs.push(lab);
  places.set(domain, lab.s2s);
  return lab;
}

function local(lab: LabServer, name: string, resource: string) {
  const heard: XmlElement[] = [];
  const port = lab.server.attach(name, resource, { deliver: (stanza) => heard.push(stanza) });
  return { port, heard, words: () => heard.map(writeElement).join('\n') };
}

const chat = (to: string, body: string): XmlElement =>
  xml('message', { to, type: 'chat' }, xml('body', {}, body));

describe('two servers', () => {
  it('reach each other by TLS and dialback, both ways', async () => {
    const one = await start('one.test');
    const two = await start('two.test');
    const alice = local(one, 'alice', 'x');
    const bob = local(two, 'bob', 'y');
    alice.port.send(chat('bob@two.test/y', 'over there'));
    await until(() => bob.words().includes('over there'), 'the message');
    expect(bob.heard[0]?.attrs.from).toBe('alice@one.test/x');
    bob.port.send(chat('alice@one.test/x', 'and back'));
    await until(() => alice.words().includes('and back'), 'the answer');
    const way = { own: 'one.test', remote: 'two.test', ready: true, secure: true, by: 'dialback' };
    expect(one.server.federated).toEqual([way]);
    alice.port.send(
      xml('iq', { type: 'get', id: 'p', to: 'two.test' }, xml('ping', { xmlns: 'urn:xmpp:ping' })),
    );
    await until(() => alice.words().includes('id="p"'), 'the ping');
    expect(alice.words()).toContain('type="result"');
    expect([...one.findings, ...two.findings]).toEqual([]);
  });

  it('take a certificate that they trust, by EXTERNAL', async () => {
    const ca = makeCertificate({ domains: ['lab authority'], authority: true });
    const tls = (domain: string) => ({
      ...makeCertificate({ domains: [domain], issuer: { ...ca, name: 'lab authority' } }),
      ca: ca.cert,
    });
    const one = await start('one.test', { tls: tls('one.test') });
    const two = await start('two.test', { tls: tls('two.test') });
    const bob = local(two, 'bob', 'y');
    local(one, 'alice', 'x').port.send(chat('bob@two.test/y', 'certified'));
    await until(() => bob.words().includes('certified'), 'the message');
    expect(one.server.federated[0]?.by).toBe('certificate');
  });

  it('a server that is down, or nowhere, or comes back', async () => {
    const one = await start('one.test');
    const alice = local(one, 'alice', 'x');
    alice.port.send(
      xml('iq', { type: 'get', id: 'n', to: 'nowhere.test' }, xml('ping', { xmlns: 'urn:xmpp:ping' })),
    );
    await until(() => alice.words().includes('remote-server-not-found'), 'not found');
    const two = await start('two.test');
    const first = local(two, 'bob', 'y');
    alice.port.send(chat('bob@two.test/y', 'first'));
    await until(() => first.words().includes('first'), 'the first');
    await two.server.close();
    await until(() => one.server.counts.serversOut === 0, 'the way is closed');
    alice.port.send(chat('bob@two.test/y', 'lost'));
    await until(() => alice.words().includes('remote-server-timeout'), 'the error');
    const again = await start('two.test');
    const bob = local(again, 'bob', 'y');
    alice.port.send(chat('bob@two.test/y', 'second'));
    await until(() => bob.words().includes('second'), 'the second');
  });
});

describe('a stranger', () => {
  async function stranger(lab: LabServer, from: string): Promise<RawStream> {
    const stream = (await RawStream.open(lab.s2s)).header(
      lab.server.domain,
      'jabber:server',
      `from='${from}'`,
    );
    await stream.heard('</stream:features>');
    stream.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    await stream.heard('<proceed xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>');
    await stream.startTls();
    stream.header(lab.server.domain, 'jabber:server', `from='${from}'`);
    await stream.heard('</stream:features>');
    return stream;
  }

  it('with a key that is not the other server’s is refused', async () => {
    const one = await start('one.test');
    await start('two.test');
    const stream = await stranger(one, 'two.test');
    stream.write("<db:result from='two.test' to='one.test'>0123456789abcdef</db:result>");
    expect(await stream.heard(/<db:result[^>]*>/)).toContain('type="invalid"');
    await stream.end();
    expect(one.findings.map(({ code }) => code)).toContain('dialback-refused');
  });

  it('sends nothing before it has proven who it is, nor as another', async () => {
    const one = await start('one.test');
    const alice = local(one, 'alice', 'x');
    for (const from of ['eve@two.test', 'alice@one.test', 'two.test']) {
      const stream = await stranger(one, 'two.test');
      stream.write(`<message from='${from}' to='alice@one.test/x'><body>forged</body></message>`);
      expect(await stream.end()).toContain('invalid-from');
    }
    expect(alice.heard).toEqual([]);
    expect(one.findings.filter(({ code }) => code === 'forged-from')).toHaveLength(3);
  });

  it('may not claim a domain of ours, one that is nowhere, or one that is not served here', async () => {
    const one = await start('one.test');
    const stream = await stranger(one, 'two.test');
    stream.write("<db:result from='one.test' to='one.test'>k</db:result>");
    expect(await stream.heard('</db:result>')).toContain('policy-violation');
    stream.write("<db:result from='two.test' to='other.test'>k</db:result>");
    expect(await stream.heard('</db:result>')).toContain('item-not-found');
    stream.write("<db:result from='two.test' to='one.test'>k</db:result>");
    expect(await stream.heard('</db:result>')).toContain('remote-server-not-found');
  });

  it('must take TLS before dialback', async () => {
    const one = await start('one.test');
    const stream = (await RawStream.open(one.s2s)).header('one.test', 'jabber:server', "from='two.test'");
    expect(await stream.heard('</stream:features>')).toContain('<required/>');
    stream.write("<db:result from='two.test' to='one.test'>k</db:result>");
    expect(await stream.end()).toContain('policy-violation');
  });
});
