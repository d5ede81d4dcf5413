import { checkAnswer, parse } from '@crosspoint/sdp';
import { describe, expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { parseContent } from '../stanza/jingle-content.ts';
import { recordedDescriptions, recordedStanzas } from '../testing/corpus.ts';
import { normalForm } from '../testing/normal-form.ts';
import { childOf, childrenOf } from '../xml/element.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { writeXml } from '../xml/write-xml.ts';
import type { Dropped } from './dropped.ts';
import { JINGLE_EXTENSIONS } from './extensions.ts';
import type { JingleRole } from './senders.ts';
import { toContents } from './to-contents.ts';
import { toDescription } from './to-description.ts';

const corpus = recordedDescriptions();

function there(text: string, role: JingleRole, extensions = [] as typeof JINGLE_EXTENSIONS) {
  const description = parse(text);
  const { contents, groups, dropped, rejected } = toContents(description, { role, extensions });
  // Over the wire: what a stanza's text says counts, and not the tree in memory.
  const read = contents.map((each) => parseContent(parseXml(writeXml(each)).root, 'content'));
  const wireGroups = groups.map((each) => parseXml(writeXml(each)).root);
  const back = toDescription(read, wireGroups, { type: 'offer', role });
  return { description, contents, dropped, rejected, back };
}

/** A profile that is lost comes back as another: neither counts, in the section as it is numbered after the refused ones. */
function profilesLost(dropped: readonly Dropped[], rejected: readonly number[]): Dropped[] {
  return dropped
    .filter(({ name }) => name === 'm= protocol')
    .map((each) => ({
      ...each,
      mediaIndex: each.mediaIndex! - rejected.filter((index) => index < each.mediaIndex!).length,
    }));
}

describe('SDP to Jingle and back', () => {
  it.each(corpus)('$name: everything but what is named as dropped', ({ text }) => {
    for (const role of ['initiator', 'responder'] as const) {
      for (const extensions of [[], JINGLE_EXTENSIONS]) {
        const { description, dropped, rejected, back } = there(text, role, extensions);
        expect(back.findings).toEqual([]);
        expect(back.dropped).toEqual([]);
        const profiles = profilesLost(dropped, rejected);
        expect(normalForm(back.description.typed(), profiles)).toEqual(normalForm(description, dropped));
      }
    }
  });

  it('drops on the whole corpus what is on this list, and nothing else', () => {
    const names = new Map<string, number>();
    for (const { text } of corpus) {
      for (const { name } of there(text, 'initiator').dropped) names.set(name, (names.get(name) ?? 0) + 1);
    }
    expect(Object.fromEntries([...names].sort())).toMatchInlineSnapshot(`
      {
        "a=bundle-only": 12,
        "a=candidate network-cost": 106,
        "a=ice-mismatch": 2,
        "a=ice-options ice2": 1,
        "a=label": 19,
        "a=max-message-size": 9,
        "a=minptime": 19,
        "a=msid": 165,
        "a=msid-semantic": 133,
        "a=remote-candidates": 3,
        "a=rid": 12,
        "a=rtcp": 54,
        "a=rtcp-rsize": 137,
        "a=rtcp-xr": 103,
        "a=simulcast": 4,
        "a=tool": 19,
        "c=": 45,
        "m= port": 45,
        "m= protocol": 26,
        "s=": 10,
      }
    `);
  });

  it('gives the same again from what came back', () => {
    for (const { text } of corpus) {
      const { back } = there(text, 'initiator', JINGLE_EXTENSIONS);
      const again = there(back.description.text, 'initiator', JINGLE_EXTENSIONS);
      expect(again.back.description.text).toBe(back.description.text);
    }
  });

  it('is seen to fail: a line that is lost and not named', () => {
    const { text } = corpus.find(({ name }) => name === 'made-chrome-av-cand.sdp')!;
    const { description, dropped, back } = there(text, 'initiator');
    const lossy = parse(back.description.text.replace(/a=rtcp-fb:96 nack pli\r\n/, ''));
    expect(normalForm(lossy, [])).not.toEqual(normalForm(description, dropped));
    expect(normalForm(back.description.typed(), [])).not.toEqual(normalForm(description, dropped.slice(1)));
  });
});

describe('recorded stanzas', () => {
  const sessions = recordedStanzas().filter(({ name }) => /session-(?:initiate|accept)/.test(name));

  it.each(sessions)('$name becomes a description that browsers can read', ({ name, text }) => {
    const jingle = childOf(parseXml(text).root, 'jingle', NS.jingle)!;
    const contents = childrenOf(jingle, 'content').map((each) => parseContent(each, 'content'));
    const isAnswer = name.includes('session-accept');
    const { description, findings, dropped } = toDescription(
      contents,
      childrenOf(jingle, 'group', NS.grouping),
      {
        type: isAnswer ? 'answer' : 'offer',
        role: isAnswer ? 'responder' : 'initiator',
      },
    );
    // stanza describes one source alone of a group of two.
    expect(findings.filter(({ code }) => code !== 'source-undescribed')).toEqual([]);
    expect(dropped.map((each) => each.name)).toEqual([]);
    expect(description.mediaCount).toBe(contents.length);
    expect(
      checkAnswer(description.typed(), description.typed()).filter(({ code }) => code === 'mid'),
    ).toEqual([]);
  });
});
