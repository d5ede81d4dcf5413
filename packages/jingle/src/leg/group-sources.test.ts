import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toDescription } from '../description/to-description.ts';
import { NS } from '../namespaces.ts';
import { parseJingle } from '../stanza/jingle-stanza.ts';
import { childOf } from '../xml/element.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { withGroupSources } from './group-sources.ts';

/** A recorded stanza of stanza's, as contents. */
function recorded(name: string) {
  const text = readFileSync(new URL(`../fixtures/stanzas/${name}`, import.meta.url), 'utf8');
  return parseJingle(childOf(parseXml(text).root, 'jingle', NS.jingle)!);
}

function sourcesOf(name: string, mend: boolean): { named: string[]; described: string[] } {
  const { contents, groups } = recorded(name);
  const taken = contents.map((content) =>
    mend && content.description !== undefined
      ? { ...content, description: withGroupSources(content.description) }
      : content,
  );
  const { description } = toDescription(taken, groups, { type: 'answer', role: 'responder' });
  return {
    named: [...description.text.matchAll(/^a=ssrc-group:FID (\d+) (\d+)/gm)].flatMap(([, one, other]) => [
      one!,
      other!,
    ]),
    described: [...description.text.matchAll(/^a=ssrc:(\d+) cname:/gm)].map(([, ssrc]) => ssrc!),
  };
}

describe('the sources that a group names', () => {
  const ACCEPT = 'stanza-chromium-av-responder-03-tx-session-accept.xml';

  it('stanza leaves the second of them out where it accepts', () => {
    const { named, described } = sourcesOf(ACCEPT, false);
    expect(named).toHaveLength(2);
    expect(described).toContain(named[0]);
    expect(described).not.toContain(named[1]);
  });

  it('are all there, under the name of the first', () => {
    const { named, described } = sourcesOf(ACCEPT, true);
    for (const ssrc of named) expect(described).toContain(ssrc);
  });

  it('are left as they are where nothing is missing, and where no name is known', () => {
    const offer = recorded('stanza-chromium-av-initiator-00-tx-session-initiate.xml');
    for (const { description } of offer.contents) expect(withGroupSources(description!)).toBe(description);
    const nameless = parseXml(
      `<description xmlns="${NS.rtp}"><ssrc-group xmlns="${NS.sources}" semantics="FID"><source ssrc="1"/><source ssrc="2"/></ssrc-group></description>`,
    ).root;
    expect(withGroupSources(nameless)).toBe(nameless);
  });
});
