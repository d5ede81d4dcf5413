import { describe, expect, it } from 'vitest';
import { recordedStanzas } from '../testing/corpus.ts';
import { childOf, element, textOf } from './element.ts';
import { parseXml } from './parse-xml.ts';
import { writeXml } from './write-xml.ts';
import { XmlError } from './xml-error.ts';

function refusal(text: string): string {
  try {
    parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) return `${error.code} ${error.line}:${error.column}`;
    throw error;
  }
  return 'read';
}

describe('reading stanzas', () => {
  it.each(recordedStanzas())('$name survives being written', ({ text }) => {
    const { root } = parseXml(text);
    expect(parseXml(writeXml(root)).root).toEqual(root);
  });

  it('resolves prefixes, references and CDATA, and knows where an element stood', () => {
    const { root, placeOf } = parseXml(
      "<?xml version='1.0'?><a xmlns='urn:a' xmlns:b='urn:b' b:x='1' xml:lang='de'>\n  <b:c t='&lt;&#x41;&#66;&quot;'/>R&amp;B<![CDATA[<x>&]]></a>",
    );
    const c = childOf(root, 'c', 'urn:b')!;
    expect(c.attrs.t).toBe('<AB"');
    expect(root.attrs['{urn:b}x']).toBe('1');
    expect(root.attrs['xml:lang']).toBe('de');
    expect(textOf(root)).toBe('\n  R&B<x>&');
    expect(placeOf(c)).toEqual({ line: 2, column: 3 });
    expect(parseXml(writeXml(root)).root).toEqual(root);
  });

  it.each([
    ['', 'empty 1:1'],
    ['  \n', 'empty 2:1'],
    ['text', 'not-well-formed 1:1'],
    ['<a>', 'unended 1:4'],
    ['<a', 'not-well-formed 1:3'],
    ['<a b="1', 'unended 1:6'],
    ['<a></b>', 'tag-mismatch 1:4'],
    ['</a>', 'tag-mismatch 1:1'],
    ['<a/><b/>', 'after-the-end 1:5'],
    ['<a/>x', 'after-the-end 1:5'],
    ['<a b="1" b="2"/>', 'attribute-twice 1:10'],
    ['<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>', 'attribute-twice 1:1'],
    ['<a b="1"c="2"/>', 'not-well-formed 1:9'],
    ['<a b=1/>', 'not-well-formed 1:6'],
    ['<a b="<"/>', 'not-well-formed 1:7'],
    ['<a>]]></a>', 'not-well-formed 1:4'],
    ['<x:a/>', 'prefix-unbound 1:1'],
    ['<a x:b="1"/>', 'prefix-unbound 1:1'],
    ['<a><!-- c --></a>', 'restricted 1:4'],
    ['<a><?p i?></a>', 'restricted 1:4'],
    ['<!DOCTYPE a [<!ENTITY e "x">]><a/>', 'restricted 1:1'],
    ['<a>&e;</a>', 'entity-unknown 1:4'],
    ['<a>&toString;</a>', 'entity-unknown 1:4'],
    ['<a>& b</a>', 'entity-unknown 1:4'],
    ['<a>&#0;</a>', 'character-forbidden 1:4'],
    ['<a>&#xD800;</a>', 'character-forbidden 1:4'],
    ['<a>\n\u0001</a>', 'character-forbidden 2:1'],
    ['<a>\ud800</a>', 'character-forbidden 1:4'],
    ['<1/>', 'not-well-formed 1:2'],
    ['<a>'.repeat(33), 'too-deep 1:97'],
    [`<a>${'<b/>'.repeat(10_001)}</a>`, 'too-many-elements 1:40000'],
    [`<a ${Array.from({ length: 65 }, (_, at) => `b${at}=""`).join(' ')}/>`, 'too-many-attributes 1:442'],
    [`<a>${'x'.repeat(262_145)}</a>`, 'too-large 1:1'],
  ])('refuses what it must (%#)', (text, expected) => {
    expect(refusal(text)).toBe(expected);
  });

  it('takes a name that JavaScript knows for what it is', () => {
    const { root } = parseXml('<a __proto__="1" constructor="2"/>');
    expect(Object.keys(root.attrs)).toEqual(['__proto__', 'constructor']);
    expect(root.attrs.toString).toBeUndefined();
  });

  it('writes what would break out as references', () => {
    const made = element('urn:a', 'a', { b: `<&"'\r\n` }, ['<&>\r']);
    expect(writeXml(made)).toBe(
      '<a xmlns="urn:a" b="&lt;&amp;&quot;&apos;&#13;&#10;">&lt;&amp;&gt;&#13;</a>',
    );
    expect(parseXml(writeXml(made)).root).toEqual(made);
  });
});
