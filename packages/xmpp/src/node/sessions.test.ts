import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { XmlElement } from '../xml/element.ts';
import { childOf, xml } from '../xml/element.ts';
import { writeElement } from '../xml/write.ts';
import { type LabServer, startLabServer } from './testing/lab-server.ts';
import { RawStream } from './testing/raw-stream.ts';
import { until } from './testing/until.ts';

const DOMAIN = 'crosspoint.test';
const SM = 'urn:xmpp:sm:3';
let lab: LabServer;
const raws: RawStream[] = [];

beforeEach(async () => {
  lab = await startLabServer({
    users: { alice: 'a', bob: 'b' },
    components: { 'gw.crosspoint.test': 'comp' },
    limits: { resumeMs: 60_000 },
  });
});

afterEach(async () => {
  for (const raw of raws.splice(0)) raw.destroy();
  await lab.server.close();
});

async function user(name: string, resource: string): Promise<RawStream> {
  const stream = await RawStream.open(lab.tcp);
  raws.push(stream);
  return stream.logIn(DOMAIN, name, name.slice(0, 1), resource);
}

/** A resource in this process, and what came to it. */
function local(name: string, resource: string) {
  const heard: XmlElement[] = [];
  const port = lab.server.attach(name, resource, { deliver: (stanza) => heard.push(stanza) });
  return { port, heard, words: () => heard.map(writeElement).join('\n') };
}

describe('stream management', () => {
  async function managed(): Promise<{ bob: RawStream; id: string }> {
    const bob = await user('bob', 'y');
    bob.write(`<enable xmlns='${SM}' resume='true'/>`);
    const id = /id="([^"]+)"/.exec(await bob.heard(/<enabled[^>]*>/))?.[1];
    return { bob, id: id! };
  }

  it('a lost connection loses no stanza: what was not acknowledged comes again, once', async () => {
    const { bob, id } = await managed();
    const alice = local('alice', 'x');
    const say = (body: string): void =>
      alice.port.send(xml('message', { to: `bob@${DOMAIN}/y`, type: 'chat' }, xml('body', {}, body)));
    say('one');
    say('two');
    await bob.heard('two');
    bob.write(`<a xmlns='${SM}' h='1'/><message to='alice@${DOMAIN}/x'><body>sent</body></message>`);
    await until(() => alice.words().includes('sent'), 'what bob sent');
    bob.destroy();
    await until(() => lab.server.counts.connections === 0, 'the connection is gone');
    say('three');
    expect(lab.server.counts.sessions).toBe(1);

    const back = await user('bob', '');
    back.write(`<resume xmlns='${SM}' previd='${id}' h='1'/>`);
    expect(await back.heard(/<resumed[^>]*>/)).toContain('h="1"');
    const again = await back.heard('three');
    expect(again).toContain('two');
    expect(again).not.toContain('one');
    back.write(`<a xmlns='${SM}' h='3'/><r xmlns='${SM}'/>`);
    expect(await back.heard(/<a [^>]*>/)).toContain('h="1"');
    expect(alice.words()).not.toContain('error');
  });

  it('nobody else can take it up, and not twice', async () => {
    const { bob, id } = await managed();
    bob.destroy();
    await until(() => lab.server.counts.connections === 0, 'the connection is gone');
    const alice = await user('alice', '');
    alice.write(`<resume xmlns='${SM}' previd='${id}' h='0'/>`);
    expect(await alice.heard('</failed>')).toContain('item-not-found');
    const back = await user('bob', '');
    back.write(`<resume xmlns='${SM}' previd='${id}' h='0'/>`);
    await back.heard('<resumed');
    const third = await user('bob', '');
    third.write(`<resume xmlns='${SM}' previd='${id}' h='0'/>`);
    await third.heard('<resumed');
    expect(await back.end()).toContain('conflict');
  });

  it('one who never comes back is told to those who wrote', async () => {
    await lab.server.close();
    lab = await startLabServer({ users: { alice: 'a', bob: 'b' }, limits: { resumeMs: 50 } });
    const { bob } = await managed();
    const alice = local('alice', 'x');
    bob.destroy();
    await until(() => lab.server.counts.connections === 0, 'the connection is gone');
    alice.port.send(xml('message', { to: `bob@${DOMAIN}/y`, id: 'm' }, xml('body')));
    await until(() => alice.heard.length > 0, 'the error');
    expect(alice.words()).toMatch(/type="error" id="m".*(?:recipient-unavailable|service-unavailable)/);
    expect(lab.server.counts.sessions).toBe(0);
  });

  it('more acknowledged than sent ends the stream', async () => {
    const { bob } = await managed();
    bob.write(`<a xmlns='${SM}' h='7'/>`);
    expect(await bob.end()).toContain('handled-count-too-high');
    await until(() => lab.server.counts.sessions === 0, 'the session is gone');
  });
});

describe('several devices', () => {
  it('a call rings on all, and the others learn who took it (XEP-0353, XEP-0280)', async () => {
    const phone = await user('bob', 'phone');
    const tablet = await user('bob', 'tablet');
    const shy = await user('bob', 'shy');
    for (const device of [phone, tablet]) {
      device.write("<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq><presence/>");
      await device.heard('id="c"');
      await device.heard('<presence');
    }
    shy.write('<presence><priority>-1</priority></presence>');
    await shy.heard('<priority>');
    const alice = local('alice', 'x');
    const jmi = 'urn:xmpp:jingle-message:0';
    alice.port.send(xml('message', { to: `bob@${DOMAIN}` }, xml('propose', { xmlns: jmi, id: 's1' })));
    await phone.heard('<propose');
    await tablet.heard('<propose');
    phone.write(`<message to='alice@${DOMAIN}/x'><proceed xmlns='${jmi}' id='s1'/></message>`);
    expect(await tablet.heard('</sent>')).toContain('<proceed');
    await until(() => alice.words().includes('<proceed'), 'proceed');
    alice.port.send(xml('message', { to: `bob@${DOMAIN}/phone` }, xml('finish', { xmlns: jmi, id: 's1' })));
    expect(await tablet.heard('</received>')).toContain('<finish');
    expect(shy.text).not.toContain('propose');
  });

  it('of two resources with one name the newer lives', async () => {
    const first = await user('bob', 'y');
    await user('bob', 'y');
    expect(await first.end()).toContain('<conflict');
    expect(lab.server.counts.resources).toBe(1);
  });
});

describe('presence', () => {
  it('contacts see each other come and go', async () => {
    lab.server.befriend('alice', 'bob');
    const alice = local('alice', 'x');
    alice.port.send(xml('presence'));
    const bob = await user('bob', 'y');
    bob.write('<presence><show>dnd</show></presence>');
    await bob.heard(`from="alice@${DOMAIN}/x"`);
    await until(() => alice.words().includes('<show>dnd</show>'), 'bob is there');
    bob.destroy();
    await until(() => alice.words().includes('type="unavailable"'), 'bob is gone');
  });

  it('is shown to nobody who was not let in', async () => {
    const alice = local('alice', 'x');
    alice.port.send(xml('presence'));
    const bob = local('bob', 'y');
    bob.port.send(xml('presence'));
    bob.port.send(xml('presence', { type: 'subscribe', to: `alice@${DOMAIN}` }));
    expect(alice.words()).toContain(`type="subscribe"`);
    expect(bob.words()).not.toContain(`from="alice@${DOMAIN}/x"`);
    alice.port.send(xml('presence', { type: 'subscribed', to: `bob@${DOMAIN}` }));
    expect(bob.words()).toContain(`from="alice@${DOMAIN}/x"`);
    alice.port.send(xml('presence', { type: 'unsubscribed', to: `bob@${DOMAIN}` }));
    expect(bob.words()).toMatch(
      /type="unavailable" from="alice@crosspoint.test\/x"|from="alice@crosspoint.test\/x"[^>]*type="unavailable"/,
    );
  });
});

describe('blocking', () => {
  it('who is blocked is told what somebody who is away would be', () => {
    const alice = local('alice', 'x');
    const bob = local('bob', 'y');
    bob.port.send(
      xml(
        'iq',
        { type: 'set', id: '1' },
        xml('block', { xmlns: 'urn:xmpp:blocking' }, xml('item', { jid: `alice@${DOMAIN}` })),
      ),
    );
    bob.heard.length = 0;
    alice.port.send(
      xml(
        'iq',
        { type: 'set', id: '2', to: `bob@${DOMAIN}/y` },
        xml('jingle', { xmlns: 'urn:xmpp:jingle:1' }),
      ),
    );
    expect(alice.words()).toContain('service-unavailable');
    expect(bob.heard).toEqual([]);
    bob.port.send(xml('message', { to: `alice@${DOMAIN}/x` }, xml('body')));
    expect(bob.words()).toContain('<blocked xmlns="urn:xmpp:blocking:errors"/>');
  });
});

describe('what lives in this process', () => {
  it('speaks with clients, and says nothing that is not its own', async () => {
    const bob = await user('bob', 'y');
    const alice = local('alice', 'x');
    bob.write(`<iq type='get' to='${alice.port.jid}' id='q'><query xmlns='urn:q'/></iq>`);
    await until(() => alice.heard.length > 0, 'the question');
    const [iq] = alice.heard;
    expect(childOf(iq!, 'query', 'urn:q')).toBeDefined();
    alice.port.send(xml('iq', { type: 'result', to: iq!.attrs.from, id: 'q' }));
    await bob.heard('type="result"');
    expect(() => alice.port.send(xml('message', { from: `bob@${DOMAIN}` }))).toThrow(RangeError);
    expect(() => alice.port.send(xml('x'))).toThrow(RangeError);
    expect(() => alice.port.send(xml('message', {}, '\u0000'))).toThrow(RangeError);
    expect(() => lab.server.attach('alice', 'x', { deliver: () => {} })).toThrow(RangeError);
    alice.port.close();
    bob.write(`<iq type='get' to='alice@${DOMAIN}/x' id='r'><query xmlns='urn:q'/></iq>`);
    expect(await bob.heard('id="r"')).toContain('type="error"');
  });
});
