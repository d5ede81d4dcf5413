import { NS } from '../namespaces.ts';
import { textOf, type XmlElement } from '../xml/element.ts';
import type { ReadingNotes } from './finding.ts';
import { fromSenders, isSenders, type JingleRole } from './senders.ts';
import { isLineText, isToken, wholeNumber } from './words.ts';

/** What an RTP description says, as lines. */
export interface RtpSection {
  readonly media: string;
  readonly formats: readonly string[];
  /** Attribute lines with their endings, in the order browsers write them: `before` the direction and `after` it. */
  readonly bandwidth: string;
  readonly before: string;
  readonly after: string;
  readonly hasFeedback: boolean;
  readonly hasCrypto: boolean;
  readonly hasMux: boolean;
}

const PAYLOAD = 'XEP-0167 section 4';
const HIGHEST_SSRC = 0xffff_ffff;

/** Reads a description of XEP-0167, the side `role` being who wrote it. What is malformed is a finding and left out. */
export function readRtp(description: XmlElement, role: JingleRole, notes: ReadingNotes): RtpSection {
  return new RtpReader(description, role, notes).read();
}

class RtpReader {
  readonly #description: XmlElement;
  readonly #role: JingleRole;
  readonly #notes: ReadingNotes;
  /** The formats in order. */
  readonly #formats = new Set<string>();
  readonly #known = new Set<string>();
  readonly #cnames = new Map<string, string>();
  readonly #grouped: { readonly child: XmlElement; readonly ssrcs: readonly string[] }[] = [];
  #codecs = '';
  #feedback = '';
  #headers = '';
  #flags = '';
  #msid = '';
  #crypto = '';
  #bandwidth = '';
  #groups = '';
  #sources = '';
  #mixed = '';
  #ptime: string | undefined;
  #maxptime: string | undefined;
  #hasFeedback = false;
  #hasMux = false;

  constructor(description: XmlElement, role: JingleRole, notes: ReadingNotes) {
    this.#description = description;
    this.#role = role;
    this.#notes = notes;
  }

  read(): RtpSection {
    const description = this.#description;
    for (const child of description.children) if (typeof child !== 'string') this.#child(child);
    this.#describeGrouped();
    const { media, ssrc } = description.attrs;
    if (!isToken(media))
      this.#notes.finding(
        'media-missing',
        description,
        PAYLOAD,
        'a description that does not say which medium',
      );
    // The one source of XEP-0167 says nothing more than where the sources of XEP-0339 name it.
    if (ssrc !== undefined && !this.#known.has(ssrc)) this.#notes.drop('description@ssrc', ssrc, description);
    let after = `${this.#msid}${this.#flags}${this.#crypto}${this.#codecs}${this.#feedback}`;
    if (this.#ptime !== undefined) after += `a=ptime:${this.#ptime}\r\n`;
    if (this.#maxptime !== undefined) after += `a=maxptime:${this.#maxptime}\r\n`;
    return {
      media: isToken(media) ? media : 'audio',
      formats: [...this.#formats],
      bandwidth: this.#bandwidth,
      before: this.#mixed + this.#headers,
      after: after + this.#groups + this.#sources,
      hasFeedback: this.#hasFeedback,
      hasCrypto: this.#crypto !== '',
      hasMux: this.#hasMux,
    };
  }

  #child(child: XmlElement): void {
    switch (child.xmlns) {
      case NS.rtp:
        return this.#own(child);
      case NS.rtcpFeedback:
        this.#feedback += this.#feedbackLine('*', child);
        return;
      case NS.headerExtensions:
        if (child.name === 'rtp-hdrext') return this.#header(child);
        if (child.name === 'extmap-allow-mixed') {
          this.#mixed = 'a=extmap-allow-mixed\r\n';
          return;
        }
        break;
      case NS.sources:
        if (child.name === 'source') return this.#source(child);
        if (child.name === 'ssrc-group') return this.#group(child);
        break;
      case NS.msid:
        if (child.name === 'stream') return this.#stream(child);
    }
    this.#notes.element(this.#description, child);
  }

  #own(child: XmlElement): void {
    switch (child.name) {
      case 'payload-type':
        return this.#payload(child);
      case 'rtcp-mux':
        if (!this.#hasMux) this.#flags = `a=rtcp-mux\r\n${this.#flags}`;
        this.#hasMux = true;
        return;
      case 'rtcp-reduced-size':
        if (!this.#flags.endsWith('a=rtcp-rsize\r\n')) this.#flags += 'a=rtcp-rsize\r\n';
        return;
      case 'encryption':
        for (const each of child.children) if (typeof each !== 'string') this.#cryptoLine(each);
        return;
      case 'bandwidth': {
        const value = wholeNumber(textOf(child).trim(), 0xffff_ffff);
        const { type } = child.attrs;
        if (isToken(type) && value !== undefined) this.#bandwidth += `b=${type}:${value}\r\n`;
        else
          this.#notes.finding(
            'bandwidth-malformed',
            child,
            'XEP-0167 section 6',
            'a bandwidth without type or number',
          );
        return;
      }
      default:
        this.#notes.element(this.#description, child);
    }
  }

  #payload(child: XmlElement): void {
    const { attrs } = child;
    const { id, name, clockrate, channels } = attrs;
    if (wholeNumber(id, 127) === undefined || this.#formats.has(id!)) {
      this.#notes.finding(
        'payload-type-malformed',
        child,
        PAYLOAD,
        'a payload type without an id of its own up to 127',
      );
      return;
    }
    this.#formats.add(id!);
    if (name !== undefined && name !== '') {
      if (
        isToken(name) &&
        !name.includes('/') &&
        (clockrate === undefined || wholeNumber(clockrate, 0xffff_ffff) !== undefined)
      ) {
        const many = wholeNumber(channels, 255);
        const suffix = many === undefined || many < 2 ? '' : `/${many}`;
        this.#codecs += `a=rtpmap:${id} ${name}/${clockrate ?? '8000'}${suffix}\r\n`;
      } else
        this.#notes.finding('payload-type-malformed', child, PAYLOAD, 'a name or clock rate that cannot be');
    } else if (Number(id) > 95)
      this.#notes.finding('payload-type-unnamed', child, PAYLOAD, 'a dynamic payload type without a name');
    if (attrs.ptime !== undefined) this.#ptime = this.#time('ptime', attrs.ptime, this.#ptime, child);
    if (attrs.maxptime !== undefined)
      this.#maxptime = this.#time('maxptime', attrs.maxptime, this.#maxptime, child);
    this.#payloadChildren(id!, child);
  }

  #payloadChildren(id: string, payload: XmlElement): void {
    let parameters = '';
    let feedback = '';
    for (const child of payload.children) {
      if (typeof child === 'string') continue;
      if (child.xmlns === NS.rtcpFeedback) feedback += this.#feedbackLine(id, child);
      else if (child.name === 'parameter' && child.xmlns === NS.rtp) {
        const word = parameterWord(child);
        if (word === undefined)
          this.#notes.finding('parameter-malformed', child, PAYLOAD, 'a parameter that is no line of text');
        else parameters += parameters === '' ? word : `;${word}`;
      } else this.#notes.element(payload, child);
    }
    this.#codecs += feedback;
    if (parameters !== '') this.#codecs += `a=fmtp:${id} ${parameters}\r\n`;
  }

  #time(name: string, value: string, before: string | undefined, child: XmlElement): string | undefined {
    if (!/^\d{1,5}(?:\.\d{1,5})?$/.test(value)) {
      this.#notes.finding('payload-type-malformed', child, PAYLOAD, `a ${name} that is no number`);
      return before;
    }
    // A description says it once for all its codecs (RFC 8866 section 6.4).
    if (before !== undefined && before !== value) this.#notes.drop(`payload-type@${name}`, value, child);
    return before ?? value;
  }

  #feedbackLine(format: string, child: XmlElement): string {
    if (child.name === 'rtcp-fb-trr-int') {
      const value = wholeNumber(child.attrs.value ?? '0', 0xffff_ffff);
      if (value !== undefined) {
        this.#hasFeedback = true;
        return `a=rtcp-fb:${format} trr-int ${value}\r\n`;
      }
    } else if (child.name === 'rtcp-fb') {
      const { type, subtype } = child.attrs;
      if (isToken(type) && (subtype === undefined || isToken(subtype))) {
        this.#hasFeedback = true;
        let line = `a=rtcp-fb:${format} ${type}`;
        if (subtype !== undefined) line += ` ${subtype}`;
        return `${line}${this.#words(child)}\r\n`;
      }
    }
    this.#notes.finding('rtcp-fb-malformed', child, 'XEP-0293 section 3', 'a feedback that cannot be read');
    return '';
  }

  /** Parameters as words behind a space each. */
  #words(parent: XmlElement): string {
    let words = '';
    for (const child of parent.children) {
      if (typeof child === 'string') continue;
      const word = child.name === 'parameter' ? parameterWord(child) : undefined;
      if (word === undefined) this.#notes.element(parent, child);
      else words += ` ${word}`;
    }
    return words;
  }

  #header(child: XmlElement): void {
    const { id, uri, senders } = child.attrs;
    if (
      wholeNumber(id, 4096) === undefined ||
      !isToken(uri) ||
      (senders !== undefined && !isSenders(senders))
    ) {
      this.#notes.finding(
        'rtp-hdrext-malformed',
        child,
        'XEP-0294 section 3',
        'a header extension without id or URI',
      );
      return;
    }
    const direction = senders === undefined ? '' : `/${fromSenders(senders, this.#role)}`;
    this.#headers += `a=extmap:${id}${direction} ${uri}${this.#words(child)}\r\n`;
  }

  #source(child: XmlElement): void {
    const { ssrc } = child.attrs;
    if (wholeNumber(ssrc, HIGHEST_SSRC) === undefined) {
      this.#notes.finding('source-malformed', child, 'XEP-0339 section 3', 'a source without its SSRC');
      return;
    }
    this.#known.add(ssrc!);
    let lines = 0;
    for (const parameter of child.children) {
      if (typeof parameter === 'string') continue;
      const { name, value } = parameter.attrs;
      if (
        parameter.name !== 'parameter' ||
        !isToken(name) ||
        name.includes(':') ||
        (value !== undefined && !isLineText(value))
      ) {
        this.#notes.element(child, parameter);
        continue;
      }
      lines++;
      if (name === 'cname' && value !== undefined) this.#cnames.set(ssrc!, value);
      this.#sources += `a=ssrc:${ssrc} ${name}${value === undefined ? '' : `:${value}`}\r\n`;
    }
    // A line of a source needs an attribute (RFC 5576 section 4.1).
    if (lines === 0) this.#notes.drop('source', ssrc!, child);
  }

  #group(child: XmlElement): void {
    const { semantics } = child.attrs;
    const ssrcs: string[] = [];
    for (const source of child.children) {
      if (typeof source === 'string') continue;
      const { ssrc } = source.attrs;
      if (ssrc === undefined || wholeNumber(ssrc, HIGHEST_SSRC) === undefined)
        this.#notes.element(child, source);
      else ssrcs.push(ssrc);
    }
    if (isToken(semantics)) {
      this.#groups += `a=ssrc-group:${[semantics, ...ssrcs].join(' ')}\r\n`;
      this.#grouped.push({ child, ssrcs });
    } else
      this.#notes.finding('ssrc-group-malformed', child, 'XEP-0339 section 3', 'a group without semantics');
  }

  /**
   * stanza 12 describes the first source of a content alone and groups it with others: browsers refuse a description with
   * such a group. Sources of one group share their CNAME (RFC 5576 section 4.2), so that it is known what was meant.
   */
  #describeGrouped(): void {
    for (const { child, ssrcs } of this.#grouped) {
      const cname = ssrcs.map((ssrc) => this.#cnames.get(ssrc)).find((each) => each !== undefined);
      for (const ssrc of ssrcs) {
        if (cname === undefined || this.#known.has(ssrc)) continue;
        this.#known.add(ssrc);
        this.#sources += `a=ssrc:${ssrc} cname:${cname}\r\n`;
        this.#notes.finding(
          'source-undescribed',
          child,
          'XEP-0339 section 3',
          `source ${ssrc} is in a group and described nowhere`,
        );
      }
    }
  }

  #stream(child: XmlElement): void {
    const { id, track } = child.attrs;
    if (isToken(id) && (track === undefined || isToken(track)))
      this.#msid += track === undefined ? `a=msid:${id}\r\n` : `a=msid:${id} ${track}\r\n`;
    else this.#notes.element(this.#description, child);
  }

  #cryptoLine(child: XmlElement): void {
    const tag = wholeNumber(child.attrs.tag, 999_999_999);
    const suite = child.attrs['crypto-suite'];
    const keys = child.attrs['key-params'];
    const session = child.attrs['session-params'];
    if (
      child.name === 'crypto' &&
      tag !== undefined &&
      isToken(suite) &&
      isToken(keys) &&
      (session === undefined || isLineText(session))
    )
      this.#crypto += `a=crypto:${tag} ${suite} ${keys}${session === undefined ? '' : ` ${session}`}\r\n`;
    else this.#notes.finding('crypto-malformed', child, 'XEP-0167 section 7', 'a crypto that cannot be read');
  }
}

/** `name=value`, or one word where only one of both says something; undefined where it says nothing or would leave its line. */
function parameterWord({ attrs }: XmlElement): string | undefined {
  const { name, value } = attrs;
  if (name === undefined || name === '') return isLineText(value) && value.trim() !== '' ? value : undefined;
  if (!isLineText(name) || name.includes(';') || name.trim() === '') return undefined;
  if (value === undefined) return name;
  return isLineText(value) ? `${name}=${value}` : undefined;
}
