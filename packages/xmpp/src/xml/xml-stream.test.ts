import { describe, expect, it } from 'vitest';
import { childOf, textOf, xml } from './element.ts';
import { DEFAULT_XML_LIMITS } from './limits.ts';
import { parseElement } from './parse-element.ts';
import { writeElement } from './write.ts';
import { XmlError } from './xml-error.ts';
import { type XmlEvent, XmlStream } from './xml-stream.ts';

const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a' version='1.0'>";

function refusal(text: string, limits = DEFAULT_XML_LIMITS): XmlError {
  try {
    parseElement(text, limits);
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
  throw new Error(`read: ${text}`);
}

describe('XmlStream', () => {
  const text = `${HEADER}\n<message a="1&amp;2"><body>x &lt; y &#x1f600;<![CDATA[<&]]></body></message> <x:r xmlns:x='urn:x'/></stream:stream>`;

  it('gives header, elements and end, wherever the text is cut', () => {
    const whole = new XmlStream(DEFAULT_XML_LIMITS).push(text);
    expect(whole.map(({ kind }) => kind)).toEqual(['open', 'element', 'element', 'close']);
    for (let size = 1; size < 40; size += 1) {
      const stream = new XmlStream(DEFAULT_XML_LIMITS);
      const events: XmlEvent[] = [];
      for (let at = 0; at < text.length; at += size) events.push(...stream.push(text.slice(at, at + size)));
      expect(events).toEqual(whole);
    }
  });

  it('resolves namespaces, and names them only where they change', () => {
    const [open, message, other] = new XmlStream(DEFAULT_XML_LIMITS).push(text);
    expect(open).toMatchObject({ content: 'jabber:client', element: { name: 'stream', attrs: { to: 'a' } } });
    if (message?.kind !== 'element' || other?.kind !== 'element') throw new Error('no elements');
    expect(message.element.attrs).toEqual({ xmlns: 'jabber:client', a: '1&2' });
    expect(textOf(childOf(message.element, 'body')!)).toBe('x < y \u{1f600}<&');
    expect(message.raw).toContain('<![CDATA[<&]]>');
    expect(other.element).toEqual(xml('r', { xmlns: 'urn:x' }));
  });

  it('says where it is wrong', () => {
    const stream = new XmlStream(DEFAULT_XML_LIMITS);
    stream.push(`${HEADER}\n<a>\n  <b></`);
    const [event] = stream.push('c></a>');
    expect(event).toMatchObject({ kind: 'error', error: { line: 3, column: 6, code: 'not-well-formed' } });
    expect(stream.push('<d/>')).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each([
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'restricted', 'restricted-xml'],
    ['<a><!-- x --></a>', 'restricted', 'restricted-xml'],
    ['<a><?x y?></a>', 'restricted', 'restricted-xml'],
    ['<a>&lol;</a>', 'restricted', 'restricted-xml'],
    ['<a b="&lol;"/>', 'restricted', 'restricted-xml'],
    ['<a>&#0;</a>', 'not-well-formed', 'not-well-formed'],
    ['<a>&#xd800;</a>', 'not-well-formed', 'not-well-formed'],
    ['<a>& b</a>', 'not-well-formed', 'not-well-formed'],
    ['<a>\u0001</a>', 'not-well-formed', 'not-well-formed'],
    ['<a>]]></a>', 'not-well-formed', 'not-well-formed'],
    ['<a b="<"/>', 'not-well-formed', 'not-well-formed'],
    ['<a b=c/>', 'not-well-formed', 'not-well-formed'],
    ['<a b="1"c="2"/>', 'not-well-formed', 'not-well-formed'],
    ['<a></b>', 'not-well-formed', 'not-well-formed'],
    ['<a', 'not-well-formed', 'not-well-formed'],
    ['<a/><b/>', 'not-well-formed', 'not-well-formed'],
    ['<1/>', 'not-well-formed', 'not-well-formed'],
    ['<a b="1" b="2"/>', 'namespace', 'bad-namespace-prefix'],
    ['<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>', 'namespace', 'bad-namespace-prefix'],
    ['<p:a/>', 'namespace', 'bad-namespace-prefix'],
    ['<a p:b="1"/>', 'namespace', 'bad-namespace-prefix'],
    ['<a xmlns:p=""/>', 'namespace', 'bad-namespace-prefix'],
    ['x<a/>', 'text-between-stanzas', 'bad-format'],
    [`<?xml version="1.0" encoding="UTF-16"?><a/>`, 'encoding', 'unsupported-encoding'],
    [`${'<a>'.repeat(100)}`, 'too-deep', 'policy-violation'],
    [
      `<a ${Array.from({ length: 100 }, (_, at) => `b${at}=""`).join(' ')}/>`,
      'too-many-attributes',
      'policy-violation',
    ],
    [`<a b="${'x'.repeat(20_000)}"/>`, 'too-large', 'policy-violation'],
    [`<a>${'x'.repeat(300_000)}`, 'too-large', 'policy-violation'],
    [`<a><![CDATA[${'x'.repeat(300_000)}`, 'too-large', 'policy-violation'],
  ])('%.40s', (text, code, condition) => {
    const error = refusal(text);
    expect([error.code, error.condition]).toEqual([code, condition]);
    expect(error.clause).toMatch(/RFC|XML/);
  });

  it('what a stranger dribbles byte by byte is bounded, too', () => {
    const stream = new XmlStream({ ...DEFAULT_XML_LIMITS, tag: 500 });
    const kinds: string[] = [];
    for (let at = 0; at < 600; at += 1)
      kinds.push(...stream.push(at === 0 ? '<' : 'a').map(({ kind }) => kind));
    expect(kinds).toEqual(['error']);
  });
});

describe('what is written', () => {
  it.each([
    '<a xmlns="u" b="&quot;&apos;&amp;&lt;&gt;&#10;&#9;&#13;">x &amp;&lt;&gt;&#13;</a>',
    '<a xmlns="u"><b xmlns=""/><c xmlns="v" xml:lang="en"><d/></c></a>',
    '<p:a xmlns:p="u" xmlns:q="v" q:x="1" constructor="2" __proto__="3"><p:b/><q:c/></p:a>',
  ])('reads as the same tree: %s', (text) => {
    const tree = parseElement(text);
    expect(parseElement(writeElement(tree))).toEqual(tree);
    expect(writeElement(parseElement(writeElement(tree)))).toBe(writeElement(tree));
  });

  it('keeps every attribute, whatever its name', () => {
    expect(Object.keys(parseElement('<a __proto__="3" constructor="2"/>').attrs)).toContain('__proto__');
  });
});
