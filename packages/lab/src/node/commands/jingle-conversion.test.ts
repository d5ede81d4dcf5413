import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { conversionStatus, convertFile, writeConversion } from './jingle-conversion.ts';

const SDP = new URL('../../../../sdp/src/fixtures/corpus/', import.meta.url);
const STANZAS = new URL('../../../../jingle/src/fixtures/stanzas/', import.meta.url);

const file = (name: string, text: string | Buffer) => ({ file: name, bytes: Buffer.from(text) });
const recorded = (folder: URL, name: string) => file(name, readFileSync(new URL(name, folder)));

describe('convertFile', () => {
  it('makes a stanza of a description, and names what is lost by its line', () => {
    const made = convertFile(recorded(SDP, 'made-chrome-simulcast-cand.sdp'), 'initiator');
    expect(made.kind).toBe('sdp');
    expect(made.converted).toMatch(/^<jingle xmlns="urn:xmpp:jingle:1" action="session-initiate" sid="sid">/);
    const lines = readFileSync(new URL('made-chrome-simulcast-cand.sdp', SDP), 'utf8').split('\r\n');
    const simulcast = made.dropped.find(({ name }) => name === 'a=simulcast')!;
    expect(lines[simulcast.line - 1]).toBe(simulcast.text);
    expect(conversionStatus([made])).toBe(1);
    expect(writeConversion(made)).toContain(
      `-- dropped a=simulcast (${simulcast.line}:1): ${simulcast.text}\n`,
    );
  });

  it('makes a description of a stanza and a stanza of that', () => {
    const made = convertFile(recorded(STANZAS, 'dino-jmi-06-rx-session-accept.xml'), 'initiator');
    expect(made).toMatchObject({ kind: 'stanza', dropped: [], findings: [] });
    expect(made.converted).toContain('a=setup:active\r\n');
    expect(conversionStatus([made])).toBe(0);
    const again = convertFile(file('made', made.converted), 'responder');
    expect(again.converted).toContain('action="session-accept"');
    expect(again.dropped).toEqual([]);
  });

  it('makes a fragment of a transport-info, and nothing of an end', () => {
    const info = convertFile(recorded(STANZAS, 'dino-jmi-03-tx-transport-info.xml'), 'initiator');
    expect(info.converted).toContain('a=mid:0\r\n');
    expect(info.converted).toContain('a=candidate:3557908473 1 udp 2122260223 10.9.1.1 35985 typ host');
    const end = convertFile(recorded(STANZAS, 'dino-jmi-07-tx-session-terminate.xml'), 'initiator');
    expect(end).toMatchObject({ kind: 'stanza', converted: '', findings: [] });
    expect(writeConversion(end)).toContain('nothing to convert');
    expect(conversionStatus([info, end])).toBe(0);
  });

  it('says where a stanza is wrong', () => {
    const text = readFileSync(new URL('dino-jmi-06-rx-session-accept.xml', STANZAS), 'utf8')
      .replace("setup='active'", "setup='actpass'")
      .replace('<rtcp-mux/>', '\n<rtcp-mux/><x:y xmlns:x="urn:x"/>');
    const made = convertFile(file('a.xml', text), 'initiator');
    expect(made.findings.map(({ code, line }) => [code, line])).toEqual([['jingle-actpass-responder', 2]]);
    expect(made.dropped).toMatchObject([{ name: 'description/y', text: 'urn:x', line: 2, column: 12 }]);
  });

  it.each([
    ['<a><b></a>', 'tag-mismatch', 1],
    ['no description', 'version-missing', 1],
    ['<jingle xmlns="urn:xmpp:jingle:1" action="dance" sid="s"/>', 'action-unknown', 0],
    ['', 'empty', 1],
  ])('cannot read %s', (text, code, line) => {
    const made = convertFile(file('a', text), 'initiator');
    expect(made).toMatchObject({ converted: '', findings: [{ code, line, severity: 'error' }] });
    expect(made.kind).toBeUndefined();
    expect(conversionStatus([made])).toBe(2);
  });

  it('says why a file was not read', () => {
    const made = convertFile({ file: 'b', why: 'there is no such file' }, 'initiator');
    expect(made.findings).toMatchObject([{ code: 'unreadable', message: 'there is no such file' }]);
    expect(conversionStatus([made])).toBe(2);
  });
});
