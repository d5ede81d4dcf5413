import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stanzaReader } from './stanza-words.ts';

const STANZAS = new URL('../../../../packages/jingle/src/fixtures/stanzas/', import.meta.url);
const recorded = (name: string): string => readFileSync(new URL(name, STANZAS), 'utf8');

describe('the words of a ladder for stanzas', () => {
  it.each([
    ['stanza-chromium-av-initiator-00-tx-session-initiate.xml', 'session-initiate'],
    ['stanza-chromium-av-initiator-03-rx-session-accept.xml', 'session-accept'],
    ['stanza-chromium-av-initiator-04-rx-transport-info.xml', 'transport-info'],
    ['stanza-chromium-av-initiator-07-tx-session-terminate.xml', 'session-terminate success'],
    ['dino-jmi-00-tx-propose.xml', 'propose'],
    ['dino-jmi-01-rx-proceed.xml', 'proceed'],
  ])('%s is %s', (file, summary) => {
    expect(stanzaReader()(recorded(file))?.summary).toBe(summary);
  });

  it.each([
    [
      '<iq xmlns="jabber:client" type="set" id="1"><jingle xmlns="urn:xmpp:jingle:1" action="session-info" sid="s"><ringing xmlns="urn:xmpp:jingle:apps:rtp:info:1"/></jingle></iq>',
      'session-info ringing',
    ],
    ['<iq type="get" id="2"><query xmlns="jabber:iq:roster"/></iq>', 'get query'],
    ["<iq type='result' id='2'/>", 'result'],
    [
      '<iq type="error" id="3"><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>',
      'error service-unavailable',
    ],
    ['<presence/>', 'presence'],
    ['<presence type="subscribe" to="bob@lab.example"/>', 'presence subscribe'],
    ['<message to="bob@lab.example"><body>x</body></message>', 'message'],
    ['<stream:features xmlns:stream="http://etherx.jabber.org/streams"/>', 'features'],
  ])('%s is %s', (text, summary) => {
    expect(stanzaReader()(text)?.summary).toBe(summary);
  });

  it('lays an answer to the call of what it answers', () => {
    const read = stanzaReader();
    const asked =
      '<iq type="set" id="17"><jingle xmlns="urn:xmpp:jingle:1" action="session-initiate" sid="a-call"/></iq>';
    expect(read(asked)?.call).toBe('a-call');
    expect(read('<iq type="result" id="17"/>')?.call).toBe('a-call');
    expect(read('<iq type="result" id="18"/>')?.call).toBeUndefined();
  });

  it('shows no password, and nothing of the counting of stanzas', () => {
    const read = stanzaReader();
    const auth =
      '<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">AGFsaWNlAHNlY3JldA==</auth>';
    expect(read(auth)?.raw).not.toContain('AGFsaWNl');
    for (const each of ['<r xmlns="urn:xmpp:sm:3"/>', '<a xmlns="urn:xmpp:sm:3" h="2"/>', 'no stanza'])
      expect(read(each)).toBeUndefined();
  });
});
