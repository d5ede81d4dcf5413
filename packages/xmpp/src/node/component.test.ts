import { xml as build, component } from '@xmpp/component';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { xml } from '../xml/element.ts';
import { writeElement } from '../xml/write.ts';
import { type LabServer, startLabServer } from './testing/lab-server.ts';
import { RawStream } from './testing/raw-stream.ts';
import { until } from './testing/until.ts';

let lab: LabServer;

beforeEach(async () => {
  lab = await startLabServer({ components: { 'gw.crosspoint.test': 'comp' } });
});

afterEach(async () => {
  await lab.server.close();
});

it('@xmpp/component joins, is discovered, takes and gives stanzas', async () => {
  const gateway = component({
    service: `xmpp://127.0.0.1:${lab.component}`,
    domain: 'gw.crosspoint.test',
    password: 'comp',
  });
  gateway.on('error', () => {});
  gateway.reconnect.stop();
  gateway.iqCallee.get('urn:q', 'query', () => build('query', { xmlns: 'urn:q', n: '1' }));
  await gateway.start();
  const heard: string[] = [];
  const alice = lab.server.attach('alice', 'x', { deliver: (stanza) => heard.push(writeElement(stanza)) });
  const items = xml('query', { xmlns: 'http://jabber.org/protocol/disco#items' });
  alice.send(xml('iq', { type: 'get', id: '1', to: 'crosspoint.test' }, items));
  expect(heard.join()).toContain('<item jid="gw.crosspoint.test"/>');
  alice.send(
    xml('iq', { type: 'get', id: '2', to: 'phone@gw.crosspoint.test' }, xml('query', { xmlns: 'urn:q' })),
  );
  await until(() => heard.some((text) => text.includes('n="1"')), 'the answer');
  await gateway.stop();
  await until(() => lab.server.counts.components === 0, 'it left');
  alice.send(xml('iq', { type: 'get', id: '3', to: 'gw.crosspoint.test' }, xml('query', { xmlns: 'urn:q' })));
  expect(heard.at(-1)).toContain('service-unavailable');
});

it('refuses a wrong secret, an unknown domain and a from that is another’s', async () => {
  const wrong = (await RawStream.open(lab.component)).write(header('gw.crosspoint.test'));
  await wrong.heard(/<stream:stream[^>]*>/);
  wrong.write(`<handshake>${'0'.repeat(40)}</handshake>`);
  expect(await wrong.end()).toContain('not-authorized');
  const unknown = (await RawStream.open(lab.component)).write(header('other.test'));
  expect(await unknown.end()).toContain('host-unknown');
  const early = (await RawStream.open(lab.component)).write(header('gw.crosspoint.test'));
  await early.heard(/<stream:stream[^>]*>/);
  early.write("<message from='x@gw.crosspoint.test' to='alice@crosspoint.test'/>");
  expect(await early.end()).toContain('not-authorized');

  const gateway = component({
    service: `xmpp://127.0.0.1:${lab.component}`,
    domain: 'gw.crosspoint.test',
    password: 'comp',
  });
  gateway.on('error', () => {});
  gateway.reconnect.stop();
  await gateway.start();
  await gateway.send(build('message', { from: 'alice@crosspoint.test', to: 'bob@crosspoint.test' }));
  await until(() => lab.server.counts.components === 0, 'it was thrown out');
  expect(lab.findings.map(({ code }) => code)).toContain('forged-from');
});

function header(to: string): string {
  return `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${to}'>`;
}
