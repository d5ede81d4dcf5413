import { readdirSync, readFileSync } from 'node:fs';
import type { Role } from './fuzz-core.ts';

const FOLDER = new URL('../fixtures/', import.meta.url);

/** Stanzas that touch what the server itself does; the recorded ones are calls. */
const STANZAS = [
  '<presence/>',
  "<presence type='unavailable'/>",
  "<presence><show>dnd</show><priority>5</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>",
  "<presence to='alice@ours.test' type='subscribe'/>",
  "<presence to='alice@ours.test' type='subscribed'/>",
  "<presence to='alice@ours.test' type='unsubscribe'/>",
  "<presence to='alice@ours.test/web'/>",
  "<presence to='alice@ours.test' type='probe'/>",
  "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>",
  "<iq type='set' id='2'><query xmlns='jabber:iq:roster'><item jid='alice@ours.test' name='A'><group>g</group></item></query></iq>",
  "<iq type='set' id='3'><query xmlns='jabber:iq:roster'><item jid='alice@ours.test' subscription='remove'/></query></iq>",
  "<iq type='get' id='4' to='ours.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
  "<iq type='get' id='5' to='ours.test'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
  "<iq type='get' id='6' to='ours.test'><services xmlns='urn:xmpp:extdisco:2' type='turn'/></iq>",
  "<iq type='get' id='7' to='ours.test'><ping xmlns='urn:xmpp:ping'/></iq>",
  "<iq type='set' id='8'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
  "<iq type='set' id='9'><block xmlns='urn:xmpp:blocking'><item jid='two.test'/></block></iq>",
  "<iq type='set' id='10'><unblock xmlns='urn:xmpp:blocking'/></iq>",
  "<iq type='get' id='11' to='x@two.test'><ping xmlns='urn:xmpp:ping'/></iq>",
  "<message to='alice@ours.test' type='chat'><body>x &amp; y</body></message>",
  "<message to='alice@ours.test/web' type='headline' xml:lang='en'><x:a xmlns:x='urn:x' x:b='1'><![CDATA[<]]></x:a></message>",
  "<r xmlns='urn:xmpp:sm:3'/>",
  "<a xmlns='urn:xmpp:sm:3' h='1'/>",
  "<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>",
  "<db:result xmlns:db='jabber:server:dialback' from='three.test' to='ours.test'>key</db:result>",
  "<db:verify xmlns:db='jabber:server:dialback' from='two.test' to='ours.test' id='x'>key</db:verify>",
  "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
];

const LOGINS = [
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='ours.test' version='1.0'>",
  "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGJvYgBi</auth>",
  "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>biwsbj1ib2Iscj1hYmM=</auth>",
  "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>Yz1iaXdzLHI9YWJjLHA9YWFhYQ==</response>",
  "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>y</resource></bind></iq>",
  "<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>",
];

const FROM: Readonly<Partial<Record<Role, string>>> = {
  server: 'bob@two.test/z',
  component: 'bob@gw.ours.test/z',
};

/** What each kind of far side might say, to be damaged. */
export function corpusOf(role: Role): readonly string[] {
  if (role === 'stranger') return [LOGINS.slice(0, 2).join(''), LOGINS[0]! + LOGINS[2], ...LOGINS, ...LOGINS];
  const recorded = readdirSync(FOLDER).map((name) =>
    readFileSync(new URL(name, FOLDER), 'utf8')
      .trim()
      .replace(/ (?:from|xmlns)="(?:[^"]*@[^"]*|jabber:client)"/, '')
      .replace(/ from="[^"]*@[^"]*"/, '')
      .replace(/ to="[^"]*"/, ' to="alice@ours.test/web"'),
  );
  const from = FROM[role];
  const all = [...STANZAS, ...recorded];
  if (from === undefined) return all;
  return all.map((text) => text.replace(/^<(iq|message|presence)(?=[ />])/, `<$1 from='${from}'`));
}
