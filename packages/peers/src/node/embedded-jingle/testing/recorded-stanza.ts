import { readFileSync } from 'node:fs';
import { parse } from 'ltx';
import type { XmlElement } from '../xml.ts';

/** A stanza that a real client wrote. */
export function recordedStanza(name: string): XmlElement {
  return parse(readFileSync(new URL(`../fixtures/${name}.xml`, import.meta.url), 'utf8'));
}

/** The Jingle element of one. */
export function recordedJingle(name: string): XmlElement {
  const jingle = recordedStanza(name).getChild('jingle', 'urn:xmpp:jingle:1');
  if (jingle === undefined) throw new Error(`${name} holds no Jingle`);
  return jingle;
}
