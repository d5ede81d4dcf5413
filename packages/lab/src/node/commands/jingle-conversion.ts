import { writeTrickleFragment } from '@crosspoint/ice';
import {
  childOf,
  type Dropped,
  JingleError,
  type JingleFinding,
  type JingleRole,
  NS,
  type ParsedXml,
  parseJingle,
  parseXml,
  readCandidates,
  toContents,
  toDescription,
  writeJingle,
  writeXml,
  type XmlElement,
  XmlError,
} from '@crosspoint/jingle';
import { parse, SdpError } from '@crosspoint/sdp';
import { decodeBytes } from './file-bytes.ts';
import type { FileFinding } from './file-judgement.ts';
import type { ReadFile } from './read-files.ts';

/** Something in a file that the other notation has no words for; line and column from 1, 0 where no line is to blame. */
export interface FileDropped {
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** What was made of one file. */
export interface JingleConversion {
  readonly file: string;
  /** What the file holds; undefined where it cannot be read. */
  readonly kind: 'sdp' | 'stanza' | undefined;
  /** A stanza for SDP; SDP, or a fragment of it, for a stanza; empty where there is nothing to convert. */
  readonly converted: string;
  readonly dropped: readonly FileDropped[];
  readonly findings: readonly FileFinding[];
}

/** Converts a file the way that it needs. `role` is the side that wrote a description. */
export function convertFile(read: ReadFile, role: JingleRole): JingleConversion {
  const { file } = read;
  if ('why' in read) return unreadable(file, 'unreadable', read.why, '', 0, 0);
  const { text } = decodeBytes(read.bytes);
  try {
    return /^\ufeff?\s*</.test(text) ? convertStanza(file, text, role) : convertDescription(file, text, role);
  } catch (error) {
    if (error instanceof XmlError || error instanceof SdpError) {
      const { code, clause, line, column, message } = error;
      const tail = ` (${clause}, line ${line}, column ${column})`;
      return unreadable(file, code, message.replace(tail, ''), clause, line, column);
    }
    if (error instanceof JingleError)
      return unreadable(file, error.code, `${error.path}: ${error.message}`, error.clause, 0, 0);
    throw error;
  }
}

function unreadable(
  file: string,
  code: string,
  message: string,
  clause: string,
  line: number,
  column: number,
): JingleConversion {
  const finding = { code, severity: 'error', message, clause, line, column } as const;
  return { file, kind: undefined, converted: '', dropped: [], findings: [finding] };
}

function convertDescription(file: string, text: string, role: JingleRole): JingleConversion {
  const { contents, groups, dropped, rejected } = toContents(parse(text), { role });
  const action = role === 'initiator' ? 'session-initiate' : 'session-accept';
  const converted = writeXml(writeJingle({ action, sid: 'sid', contents, groups }));
  const refused = rejected.map((index) => ({
    code: 'media-refused',
    severity: 'info' as const,
    message: `m-section ${index + 1} is refused by port 0: Jingle says that by an action and not by a content`,
    clause: 'XEP-0166 section 7.2',
    line: 0,
    column: 0,
  }));
  return {
    file,
    kind: 'sdp',
    converted,
    dropped: dropped.map((each) => place(each, undefined)),
    findings: refused,
  };
}

function convertStanza(file: string, text: string, role: JingleRole): JingleConversion {
  const xml = parseXml(text);
  const jingle = xml.root.name === 'jingle' ? xml.root : childOf(xml.root, 'jingle', NS.jingle);
  const nothing = { file, kind: 'stanza', converted: '', dropped: [], findings: [] } as const;
  if (jingle === undefined) return nothing;
  const stanza = parseJingle(jingle);
  switch (stanza.action) {
    case 'session-initiate':
    case 'content-add':
    case 'session-accept':
    case 'content-accept': {
      const isAnswer = stanza.action.endsWith('accept');
      const side = isAnswer ? 'responder' : role;
      const type = isAnswer ? 'answer' : 'offer';
      const read = toDescription(stanza.contents, stanza.groups, { type, role: side });
      return {
        ...nothing,
        converted: read.description.text,
        dropped: read.dropped.map((each) => place(each, xml)),
        findings: read.findings.map((each) => toFileFinding(each, xml)),
      };
    }
    case 'transport-info': {
      const { contents, findings } = readCandidates(stanza.contents, ({ name }) => name);
      const media = contents.map(({ content, candidates, ufrag, pwd }) => ({
        media: 'audio',
        port: '9',
        protocol: 'RTP/AVP',
        formats: ['0'],
        mid: content.name,
        ...(ufrag === undefined ? {} : { iceUfrag: ufrag }),
        ...(pwd === undefined ? {} : { icePwd: pwd }),
        candidates: candidates.flatMap(({ candidate }) => (candidate === undefined ? [] : [candidate])),
        endOfCandidates: candidates.some(({ candidate }) => candidate === undefined),
        other: [],
      }));
      const whole = { iceLite: false, candidates: [], endOfCandidates: false, other: [], media };
      return {
        ...nothing,
        converted: writeTrickleFragment(whole),
        findings: findings.map((each) => toFileFinding(each, xml)),
      };
    }
    default:
      return nothing;
  }
}

function at(element: XmlElement | undefined, xml: ParsedXml | undefined): { line: number; column: number } {
  return (element === undefined ? undefined : xml?.placeOf(element)) ?? { line: 0, column: 0 };
}

function place({ name, text, line, element }: Dropped, xml: ParsedXml | undefined): FileDropped {
  if (xml !== undefined) return { name, text, ...at(element, xml) };
  return { name, text, line, column: line === 0 ? 0 : 1 };
}

function toFileFinding(
  { code, severity, message, clause, element }: JingleFinding,
  xml: ParsedXml,
): FileFinding {
  return { code, severity, message, clause, ...at(element, xml) };
}

/** 0 clean, 1 something dropped or found, 2 something could not be read. */
export function conversionStatus(conversions: readonly JingleConversion[]): 0 | 1 | 2 {
  if (conversions.some(({ kind }) => kind === undefined)) return 2;
  const isClean = ({ dropped, findings }: JingleConversion): boolean =>
    dropped.length === 0 && findings.every(({ severity }) => severity === 'info');
  return conversions.every(isClean) ? 0 : 1;
}

/** One file for a terminal: what was made of it, an element a line, and what was lost or wrong, after `--`. */
export function writeConversion({ file, kind, converted, dropped, findings }: JingleConversion): string {
  if (kind === undefined) return '';
  const body = kind === 'sdp' ? `${converted.replace(/></g, '>\n<')}\n` : converted.replace(/\r\n/g, '\n');
  const lines = [`# ${file}${converted === '' ? ': nothing to convert' : ''}`];
  const where = (line: number, column: number): string => (line === 0 ? '' : ` (${line}:${column})`);
  const notes = [
    ...dropped.map(({ name, text, line, column }) => `-- dropped ${name}${where(line, column)}: ${text}`),
    ...findings.map(
      ({ severity, code, message, clause, line, column }) =>
        `-- ${severity} ${code}${where(line, column)}: ${message} (${clause})`,
    ),
  ];
  return `${lines.join('\n')}\n${body}${notes.map((note) => `${note}\n`).join('')}`;
}
