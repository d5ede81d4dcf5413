import { type LazyDescription, open } from '@crosspoint/sdp';
import { NS } from '../namespaces.ts';
import type { JingleContent } from '../stanza/jingle-content.ts';
import { childrenOf, type XmlElement } from '../xml/element.ts';
import { defaultCandidate } from './default-address.ts';
import type { Dropped } from './dropped.ts';
import { type JingleFinding, ReadingNotes } from './finding.ts';
import { type RtpSection, readRtp } from './rtp-section.ts';
import { fromSenders, type JingleRole, type Senders } from './senders.ts';
import { readTransport, type TransportSection, transportLines } from './transport-section.ts';
import { isToken } from './words.ts';

export interface ToDescriptionOptions {
  readonly type: 'offer' | 'answer';
  /** The side that wrote the contents. */
  readonly role: JingleRole;
  /**
   * The description whose m-sections stand in their order, refused where there is no content: of an answer the offer, of a
   * later offer the description before it, which new contents follow.
   */
  readonly template?: LazyDescription;
  /** The mid of a content that has one already; its name, where that can be one, without it. */
  readonly midOf?: (content: JingleContent) => string | undefined;
  /** Who sends in a content, where the stanza does not say it. */
  readonly sendersOf?: (content: JingleContent) => Senders | undefined;
  /** For o=: decimal digits. */
  readonly sessionId?: string;
  readonly sessionVersion?: number;
}

export interface JingleDescription {
  readonly description: LazyDescription;
  /** The contents by the mid that they got. */
  readonly contents: ReadonlyMap<string, JingleContent>;
  readonly dropped: readonly Dropped[];
  readonly findings: readonly JingleFinding[];
}

interface ReadSection {
  readonly mid: string;
  readonly content: JingleContent;
  readonly rtp: RtpSection | undefined;
  readonly transport: TransportSection | undefined;
}

/**
 * Jingle contents as a description, as faithful as the other way: what is wrong stays and is a finding, what has no line is in
 * `dropped`. @throws SdpError where it outgrows a limit of SDP
 */
export function toDescription(
  contents: readonly JingleContent[],
  groups: readonly XmlElement[],
  options: ToDescriptionOptions,
): JingleDescription {
  const notes = new ReadingNotes();
  const byMid = new Map<string, JingleContent>();
  const sections = contents.map((content, index) => {
    notes.mediaIndex = index;
    const mid = freeMid(content, index, byMid, options);
    byMid.set(mid, content);
    return readSection(content, mid, options, notes);
  });
  notes.mediaIndex = undefined;
  const isSecure = sections.some(({ transport }) => (transport?.fingerprints.length ?? 0) > 0);
  const texts = new Map<string, string>();
  for (const section of sections) {
    const text = sectionText(section, isSecure, options);
    if (text !== undefined) texts.set(section.mid, text);
  }

  const id = options.sessionId ?? '1';
  let text = `v=0\r\no=- ${id} ${options.sessionVersion ?? 1} IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n`;
  text += groupLines(groups, byMid, notes);
  const { template, type } = options;
  text += template === undefined ? [...texts.values()].join('') : orderedText(texts, template, type);
  return { description: open(text), contents: byMid, dropped: notes.dropped, findings: notes.findings };
}

/** A mid is a token (RFC 5888 section 4); a content's name is any text, and unique only with its creator. */
function freeMid(
  content: JingleContent,
  index: number,
  taken: ReadonlyMap<string, JingleContent>,
  options: ToDescriptionOptions,
): string {
  const known = options.midOf?.(content);
  if (known !== undefined) return known;
  const { name, creator } = content;
  if (/^[\w!#$%&'*+\-.^`{|}~]{1,64}$/.test(name) && !taken.has(name)) return name;
  let mid = `${creator === 'initiator' ? 'i' : 'r'}${index}`;
  while (taken.has(mid)) mid += '.';
  return mid;
}

function readSection(
  content: JingleContent,
  mid: string,
  { role, type }: ToDescriptionOptions,
  notes: ReadingNotes,
): ReadSection {
  const { description, transport: element } = content;
  const isRtp = description?.xmlns === NS.rtp;
  const rtp = isRtp ? readRtp(description, role, notes) : undefined;
  const transport = element === undefined ? undefined : readTransport(element, notes);
  if (description === undefined && transport?.sctpPort === undefined)
    notes.finding(
      'description-missing',
      content.element,
      'XEP-0166 section 7.3',
      'a content without a description',
    );
  else if (description !== undefined && !isRtp && transport?.sctpPort === undefined)
    notes.drop('description', description.xmlns, description);
  if (element === undefined || transport === undefined)
    notes.finding(
      'transport-missing',
      content.element,
      'XEP-0166 section 7.3',
      'a content without a transport',
    );
  else if (element.xmlns !== NS.iceUdp && element.xmlns !== NS.ice)
    notes.finding('transport-unknown', element, 'XEP-0176', `a transport that is not ICE: ${element.xmlns}`);
  if (type === 'answer' && transport?.setup === 'actpass') {
    const clause = 'XEP-0320 section 2, RFC 5763 section 5';
    notes.finding('jingle-actpass-responder', element!, clause, 'an answer that does not say who opens DTLS');
  }
  return { mid, content, rtp, transport };
}

/** Undefined for an application that is neither RTP nor a data channel. */
function sectionText(
  section: ReadSection,
  isSecure: boolean,
  options: ToDescriptionOptions,
): string | undefined {
  const { mid, content, rtp, transport } = section;
  if (rtp === undefined && transport?.sctpPort === undefined) return undefined;
  const candidates = transport?.candidates ?? [];
  const first = defaultCandidate(candidates, 1);
  const port = first?.port ?? 9;
  const senders = content.senders ?? options.sendersOf?.(content) ?? 'both';
  let text =
    rtp === undefined
      ? `m=application ${port} UDP/DTLS/SCTP webrtc-datachannel\r\n`
      : `m=${rtp.media} ${port} ${profileOf(rtp, isSecure)}${formatsOf(rtp)}\r\n`;
  text += first === undefined ? 'c=IN IP4 0.0.0.0\r\n' : connectionLine('c=', first.address);
  if (rtp !== undefined) text += rtp.bandwidth;
  const second = rtp?.hasMux === false ? defaultCandidate(candidates, 2) : undefined;
  if (second !== undefined) text += connectionLine(`a=rtcp:${second.port} `, second.address);
  if (transport !== undefined) text += transportLines(transport);
  text += `a=mid:${mid}\r\n`;
  if (rtp !== undefined) text += rtp.before;
  text += `a=${fromSenders(senders, options.role)}\r\n`;
  if (rtp !== undefined) text += rtp.after;
  if (transport?.sctpPort !== undefined) text += `a=sctp-port:${transport.sctpPort}\r\n`;
  return text;
}

function connectionLine(before: string, address: string): string {
  return `${before}IN ${address.includes(':') ? 'IP6' : 'IP4'} ${address}\r\n`;
}

function formatsOf({ formats }: RtpSection): string {
  return formats.length === 0 ? '' : ` ${formats.join(' ')}`;
}

function profileOf(rtp: RtpSection, isSecure: boolean): string {
  if (isSecure) return 'UDP/TLS/RTP/SAVPF';
  const secure = rtp.hasCrypto ? 'SAVP' : 'AVP';
  return rtp.hasFeedback ? `RTP/${secure}F` : `RTP/${secure}`;
}

function groupLines(
  groups: readonly XmlElement[],
  byMid: ReadonlyMap<string, JingleContent>,
  notes: ReadingNotes,
): string {
  if (groups.length === 0) return '';
  const midOf = new Map<string, string>();
  for (const [mid, { name }] of byMid) if (!midOf.has(name)) midOf.set(name, mid);
  let lines = '';
  for (const group of groups) {
    const { semantics } = group.attrs;
    if (!isToken(semantics)) {
      notes.finding('group-malformed', group, 'XEP-0338 section 3', 'a group without semantics');
      continue;
    }
    let mids = '';
    for (const { attrs } of childrenOf(group, 'content')) {
      const mid = attrs.name === undefined ? undefined : midOf.get(attrs.name);
      if (mid !== undefined) mids += ` ${mid}`;
      else notes.drop('group/content', attrs.name ?? '', group);
    }
    lines += `a=group:${semantics}${mids}\r\n`;
  }
  return lines;
}

/** The sections in the order of the template; what has no content is refused (RFC 3264 sections 6 and 8). */
function orderedText(
  texts: ReadonlyMap<string, string>,
  template: LazyDescription,
  type: 'offer' | 'answer',
): string {
  const rest = new Map(texts);
  let text = '';
  for (let index = 0; index < template.mediaCount; index++) {
    const mid = template.first(index, 'mid');
    const key = mid ?? String(index);
    const own = rest.get(key);
    rest.delete(key);
    // Who names no sections is not told names (RFC 5888 section 9.1).
    if (own !== undefined) text += mid === undefined ? own.replace(/^a=mid:.*\r\n/m, '') : own;
    else text += refusedText(template, index, mid);
  }
  return type === 'offer' ? text + [...rest.values()].join('') : text;
}

function refusedText(template: LazyDescription, index: number, mid: string | undefined): string {
  const { media, protocol, formats } = template.mediaLine(index);
  const head = `m=${media} 0 ${protocol} ${formats.join(' ')}\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n`;
  return mid === undefined ? head : `${head}a=mid:${mid}\r\n`;
}
