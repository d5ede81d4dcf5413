import { afterEach, describe, expect, it } from 'vitest';
import { type LabServer, startLabServer } from './testing/lab-server.ts';
import { RawStream } from './testing/raw-stream.ts';
import { until } from './testing/until.ts';

const DOMAIN = 'crosspoint.test';
let lab: LabServer;
const raws: RawStream[] = [];

afterEach(async () => {
  for (const raw of raws.splice(0)) raw.destroy();
  await lab.server.close();
});

async function raw(port: number): Promise<RawStream> {
  const stream = await RawStream.open(port);
  raws.push(stream);
  return stream;
}

describe('strangers', () => {
  it.each([
    ['a DTD', '<!DOCTYPE a [<!ENTITY b "c">]>', 'restricted-xml'],
    ['an entity', "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>&lol;</auth>", 'restricted-xml'],
    ['a comment', '<!-- x -->', 'restricted-xml'],
    ['deep nesting', '<a>'.repeat(5000), 'policy-violation'],
    ['a huge attribute', `<a b='${'x'.repeat(200_000)}`, 'policy-violation'],
    ['a huge text', `<a>${'x'.repeat(200_000)}`, 'policy-violation'],
    ['many attributes', `<a ${'b="" '.repeat(500)}/>`, 'policy-violation'],
    ['bytes that are no text', new Uint8Array([60, 97, 255, 254]), 'unsupported-encoding'],
    ['a stanza', `<message to='bob@${DOMAIN}'><body>x</body></message>`, 'not-authorized'],
    ['a second header', "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>", 'not-authorized'],
  ])('%s ends the stream', async (_, text, condition) => {
    lab = await startLabServer();
    const stream = (await raw(lab.tcp)).header(DOMAIN);
    await stream.heard('</stream:features>');
    stream.write(text);
    expect(await stream.end()).toContain(`<${condition} xmlns="urn:ietf:params:xml:ns:xmpp-streams"/>`);
    await until(() => lab.server.counts.connections === 0, 'no connection left');
  });

  it.each([
    ['another domain', 'other.test', 'jabber:client', 'host-unknown'],
    ['another namespace', DOMAIN, 'jabber:server', 'invalid-namespace'],
  ])('a header for %s is answered with a header and the error', async (_, to, content, condition) => {
    lab = await startLabServer();
    const stream = (await raw(lab.tcp)).header(to, content);
    const text = await stream.end();
    expect(text).toContain('<stream:stream');
    expect(text).toContain(condition);
  });

  it('three wrong passwords end the stream', async () => {
    lab = await startLabServer();
    const stream = (await raw(lab.tcp)).header(DOMAIN);
    await stream.heard('</stream:features>');
    const plain = Buffer.from('\0alice\0wrong').toString('base64');
    for (let turn = 0; turn < 3; turn += 1) {
      stream.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`);
      await stream.heard('<not-authorized/></failure>');
    }
    expect(await stream.end()).toContain('policy-violation');
    expect(lab.findings.filter(({ code }) => code === 'login-refused')).toHaveLength(3);
  });

  it('half-open streams end when their time is over', async () => {
    lab = await startLabServer({ limits: { loginMs: 200 } });
    const silent = await raw(lab.tcp);
    const half = (await raw(lab.tcp)).write('<?xml version="1.0"?><stream:str');
    const headed = (await raw(lab.tcp)).header(DOMAIN);
    for (const stream of [silent, half, headed]) expect(await stream.end()).toContain('connection-timeout');
    await until(() => lab.server.counts.connections === 0, 'no connection left');
  });

  it('what was said in clear before TLS does not count under it', async () => {
    lab = await startLabServer();
    const stream = (await raw(lab.tcp)).header(DOMAIN);
    await stream.heard('</stream:features>');
    const plain = Buffer.from('\0alice\0secret-a').toString('base64');
    stream.write(
      `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`,
    );
    await stream.heard('<proceed');
    expect(lab.wire.some(({ text }) => text.startsWith('<success'))).toBe(false);
  });

  it('1,000 idle connections are bounded, and a session goes on beside them', async () => {
    lab = await startLabServer({ limits: { strangers: 100 } });
    const alice = await (await raw(lab.tcp)).logIn(DOMAIN, 'alice', 'secret-a', 'x');
    for (let batch = 0; batch < 20; batch += 1)
      await Promise.all(Array.from({ length: 50 }, () => raw(lab.tcp)));
    await until(() => lab.server.counts.refused >= 900, '900 made room');
    expect(lab.server.counts.strangers).toBeLessThanOrEqual(100);
    const bob = await (await raw(lab.tcp)).logIn(DOMAIN, 'bob', 'secret-b', 'y');
    bob.write(`<message to='alice@${DOMAIN}/x' type='chat'><body>still here</body></message>`);
    expect(await alice.heard('still here')).toContain(`from="bob@${DOMAIN}/y"`);
  });
});

describe('users', () => {
  it('a from that is not one’s own ends the stream, and nothing is routed', async () => {
    lab = await startLabServer();
    const bob = await (await raw(lab.tcp)).logIn(DOMAIN, 'bob', 'secret-b', 'y');
    for (const from of [`bob@${DOMAIN}`, `alice@${DOMAIN}/other`, 'alice@elsewhere.test']) {
      const alice = await (await raw(lab.tcp)).logIn(DOMAIN, 'alice', 'secret-a', 'x');
      alice.write(`<message from='${from}' to='bob@${DOMAIN}/y' type='chat'><body>forged</body></message>`);
      expect(await alice.end()).toContain('<invalid-from');
    }
    const alice = await (await raw(lab.tcp)).logIn(DOMAIN, 'alice', 'secret-a', 'x');
    alice.write(
      `<message from='alice@${DOMAIN}' to='bob@${DOMAIN}/y' type='chat'><body>own</body></message>`,
    );
    expect(await bob.heard('own')).not.toContain('forged');
    expect(lab.findings.filter(({ code }) => code === 'forged-from')).toHaveLength(3);
  });

  it('what is no stanza, and what is malformed, ends the stream of one user only', async () => {
    lab = await startLabServer();
    const bob = await (await raw(lab.tcp)).logIn(DOMAIN, 'bob', 'secret-b', 'y');
    for (const [text, condition] of [
      ["<x xmlns='urn:x'/>", 'unsupported-stanza-type'],
      ['<message><body></message>', 'not-well-formed'],
      [`<message><body>${'x'.repeat(400_000)}`, 'policy-violation'],
    ] as const) {
      const alice = await (await raw(lab.tcp)).logIn(DOMAIN, 'alice', 'secret-a', 'x');
      alice.write(text);
      expect(await alice.end()).toContain(condition);
    }
    bob.write("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    expect(await bob.heard('id="p"')).toContain('type="result"');
  });

  it.each([
    ["<iq type='get' to='alice@crosspoint.test/none' id='i'><q xmlns='urn:q'/></iq>", 'service-unavailable'],
    ["<iq type='get' to='nobody@crosspoint.test' id='i'><q xmlns='urn:q'/></iq>", 'service-unavailable'],
    ["<iq type='get' to='crosspoint.test' id='i'><q xmlns='urn:q'/></iq>", 'service-unavailable'],
    ["<iq type='get' to='a@b@c' id='i'><q xmlns='urn:q'/></iq>", 'jid-malformed'],
    ["<iq type='get' to='x@elsewhere.test' id='i'><q xmlns='urn:q'/></iq>", 'remote-server-not-found'],
    ["<iq type='get' id='i'/>", 'bad-request'],
    ["<iq type='odd' id='i'><q xmlns='urn:q'/></iq>", 'bad-request'],
    ["<message to='nobody@crosspoint.test' id='i'><body/></message>", 'service-unavailable'],
    ["<message to='alice@crosspoint.test' id='i'><body/></message>", 'service-unavailable'],
  ])('%s is answered by an error', async (stanza, condition) => {
    lab = await startLabServer({ resolve: () => undefined });
    const bob = await (await raw(lab.tcp)).logIn(DOMAIN, 'bob', 'secret-b', 'y');
    bob.write(stanza);
    const answer = await bob.heard('</error>');
    expect(answer).toContain(`<${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>`);
    expect(answer).toContain('id="i"');
  });
});
