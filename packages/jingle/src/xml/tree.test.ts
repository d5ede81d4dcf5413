import { expect, it } from 'vitest';
import { parseXml } from './parse-xml.ts';
import { fromTree, toTree } from './tree.ts';
import { writeXml } from './write-xml.ts';

const STANZA = `<iq xmlns='jabber:client' id='1' type='set'><jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s'><ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/></jingle></iq>`;

it('goes to a tree with namespaces where they change, and back', () => {
  const { root } = parseXml(STANZA);
  const tree = toTree(root, 'jabber:client');
  expect(tree.attrs).toEqual({ id: '1', type: 'set' });
  expect(tree.children[0]).toMatchObject({ attrs: { xmlns: 'urn:xmpp:jingle:1', sid: 's' } });
  expect(writeXml(fromTree(tree, 'jabber:client'))).toBe(writeXml(root));
});

it('reads a name with a prefix as the name alone', () => {
  const read = fromTree({ name: 'db:result', attrs: { xmlns: 'x', 'xmlns:db': 'y' }, children: [] }, 'z');
  expect(read).toEqual({ name: 'result', xmlns: 'x', attrs: {}, children: [] });
});
