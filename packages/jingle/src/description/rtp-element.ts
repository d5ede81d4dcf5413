import {
  codecs,
  type Extmap,
  type Fmtp,
  type FormatParameter,
  type Line,
  type MediaDescription,
  type RtcpFeedback,
  type Rtpmap,
} from '@crosspoint/sdp';
import { NS } from '../namespaces.ts';
import { element, type XmlElement, type XmlNode } from '../xml/element.ts';
import type { DroppedLines } from './dropped.ts';
import type { JingleExtension } from './extensions.ts';
import { type JingleRole, toSenders } from './senders.ts';
import { SourceElements } from './source-elements.ts';
import { wholeNumber } from './words.ts';

interface Payload {
  map: Rtpmap | undefined;
  readonly children: XmlElement[];
}

/** The description of one RTP m-section in the making (XEP-0167): lines are handed in one by one. */
export class RtpElement {
  readonly #media: MediaDescription;
  readonly #role: JingleRole;
  readonly #extensions: readonly JingleExtension[];
  /** By id, in the order of the m= line. */
  readonly #payloads = new Map<string, Payload>();
  readonly #feedback: XmlElement[] = [];
  readonly #headers: XmlElement[] = [];
  readonly #sources = new SourceElements();
  readonly #streams: XmlElement[] = [];
  readonly #crypto: XmlElement[] = [];
  readonly #flags: XmlElement[] = [];
  #bandwidth: XmlElement | undefined;
  #ptime: string | undefined;
  #maxptime: string | undefined;
  #mixed = false;
  #mapped = 0;

  constructor(
    media: MediaDescription,
    role: JingleRole,
    drops: DroppedLines,
    extensions: readonly JingleExtension[],
  ) {
    this.#media = media;
    this.#role = role;
    this.#extensions = extensions;
    for (const format of media.formats) {
      const type = wholeNumber(format, 127);
      if (type === undefined || this.#payloads.has(format)) drops.add('m= format', format);
      else this.#payloads.set(format, { map: undefined, children: [] });
    }
  }

  /** Takes a line in, where Jingle has a place for it; false where it has none. */
  take(line: Line): boolean {
    switch (line.kind) {
      case 'rtpmap':
        return this.#rtpmap(line.value);
      case 'fmtp':
        return this.#fmtp(line.value);
      case 'rtcp-fb':
        return this.#rtcpFeedback(line.value);
      case 'extmap':
        this.#headers.push(headerElement(line.value, this.#role));
        return true;
      case 'extmap-allow-mixed':
        this.#mixed = true;
        return true;
      case 'ssrc':
        this.#sources.attribute(line.value);
        return true;
      case 'ssrc-group':
        this.#sources.group(line.value);
        return true;
      case 'rtcp-mux':
        return this.#flag('rtcp-mux');
      case 'rtcp-rsize':
        return this.#extensions.includes('rtcp-rsize') && this.#flag('rtcp-reduced-size');
      case 'msid': {
        if (!this.#extensions.includes('msid')) return false;
        const { stream, track } = line.value;
        this.#streams.push(
          element(NS.msid, 'stream', track === undefined ? { id: stream } : { id: stream, track }),
        );
        return true;
      }
      case 'crypto':
        this.#crypto.push(cryptoElement(line.value));
        return true;
      case 'ptime':
        if (this.#ptime !== undefined) return false;
        this.#ptime = String(line.value);
        return true;
      case 'maxptime':
        if (this.#maxptime !== undefined) return false;
        this.#maxptime = String(line.value);
        return true;
      case 'b':
        if (this.#bandwidth !== undefined) return false;
        this.#bandwidth = element(NS.rtp, 'bandwidth', { type: line.value.type }, [String(line.value.value)]);
        return true;
      default:
        return false;
    }
  }

  /** What the session says counts only where the m-section is silent. */
  get hasMixed(): boolean {
    return this.#mixed;
  }

  get hasFeedback(): boolean {
    if (this.#feedback.length > 0) return true;
    for (const { children } of this.#payloads.values()) if (children.some(isFeedback)) return true;
    return false;
  }

  get hasCrypto(): boolean {
    return this.#crypto.length > 0;
  }

  element(): XmlElement {
    const children: XmlNode[] = [];
    const names =
      this.#mapped < this.#payloads.size
        ? new Map(codecs(this.#media).map((codec) => [String(codec.payloadType), codec]))
        : undefined;
    for (const [id, { map, children: own }] of this.#payloads) {
      const attrs: Record<string, string> = { id };
      const known = map ?? names?.get(id);
      if (known !== undefined && known.name !== '') {
        attrs.name = known.name;
        attrs.clockrate = String(known.clockRate);
        if (known.channels !== undefined && known.channels !== 1) attrs.channels = String(known.channels);
      }
      if (this.#ptime !== undefined) attrs.ptime = this.#ptime;
      if (this.#maxptime !== undefined) attrs.maxptime = this.#maxptime;
      children.push(element(NS.rtp, 'payload-type', attrs, own));
    }
    children.push(...this.#flags);
    if (this.#crypto.length > 0)
      children.push(element(NS.rtp, 'encryption', { required: '1' }, this.#crypto));
    if (this.#bandwidth !== undefined) children.push(this.#bandwidth);
    children.push(...this.#feedback, ...this.#headers);
    if (this.#mixed) children.push(element(NS.headerExtensions, 'extmap-allow-mixed'));
    this.#sources.into(children);
    children.push(...this.#streams);
    return element(NS.rtp, 'description', { media: this.#media.media }, children);
  }

  #flag(name: string): true {
    this.#flags.push(element(NS.rtp, name));
    return true;
  }

  #rtpmap(value: Rtpmap): boolean {
    const payload = this.#payloads.get(String(value.payloadType));
    if (payload === undefined || payload.map !== undefined) return false;
    payload.map = value;
    this.#mapped++;
    return true;
  }

  #fmtp({ format, parameters }: Fmtp): boolean {
    const payload = this.#payloads.get(format);
    if (payload === undefined) return false;
    for (const parameter of parameters) payload.children.push(parameterElement(NS.rtp, parameter));
    return true;
  }

  #rtcpFeedback(value: RtcpFeedback): boolean {
    const list = value.format === '*' ? this.#feedback : this.#payloads.get(value.format)?.children;
    if (list === undefined) return false;
    list.push(feedbackElement(value));
    return true;
  }
}

function isFeedback({ xmlns }: XmlElement): boolean {
  return xmlns === NS.rtcpFeedback;
}

/**
 * One `name=value`. A bare word (`0-15`, red's `111/111`) is a name without a value: so writes stanza, and an empty value
 * stays what it is, a value that is empty.
 */
function parameterElement(xmlns: string, { name, value }: FormatParameter): XmlElement {
  return element(xmlns, 'parameter', value === undefined ? { name } : { name, value });
}

/** Elements never change, and every description of a browser says the same few things of its feedback. */
const COMMON_FEEDBACK = new Map<string, Map<string | undefined, XmlElement>>(
  ['ack', 'ccm', 'goog-remb', 'nack', 'transport-cc'].map((type) => [type, new Map()]),
);
const MOST_COMMON = 32;

/** XEP-0293 section 3. */
function feedbackElement({ type, parameter }: RtcpFeedback): XmlElement {
  const known = COMMON_FEEDBACK.get(type);
  const made = known?.get(parameter);
  if (made !== undefined) return made;
  const fresh = freshFeedback(type, parameter);
  if (known !== undefined && known.size < MOST_COMMON) known.set(parameter, fresh);
  return fresh;
}

function freshFeedback(type: string, parameter: string | undefined): XmlElement {
  if (type === 'trr-int' && parameter !== undefined)
    return element(NS.rtcpFeedback, 'rtcp-fb-trr-int', { value: parameter });
  if (parameter === undefined) return element(NS.rtcpFeedback, 'rtcp-fb', { type });
  const [subtype, ...more] = parameter.split(' ');
  return element(
    NS.rtcpFeedback,
    'rtcp-fb',
    { type, subtype: subtype! },
    wordElements(NS.rtcpFeedback, more),
  );
}

/** Words as parameters: `a=b` as name and value, any other as a name. */
function wordElements(xmlns: string, words: readonly string[]): XmlElement[] {
  return words.map((word) => {
    const equals = word.indexOf('=');
    return parameterElement(
      xmlns,
      equals > 0
        ? { name: word.slice(0, equals), value: word.slice(equals + 1) }
        : { name: word, value: undefined },
    );
  });
}

/** XEP-0294 section 3. */
function headerElement({ id, direction, uri, attributes }: Extmap, role: JingleRole): XmlElement {
  const attrs: Record<string, string> = { id: String(id), uri };
  if (direction !== undefined) attrs.senders = toSenders(direction, role);
  return element(
    NS.headerExtensions,
    'rtp-hdrext',
    attrs,
    attributes === undefined ? [] : wordElements(NS.headerExtensions, attributes.split(' ')),
  );
}

/** XEP-0167 section 7. */
function cryptoElement(value: Extract<Line, { kind: 'crypto' }>['value']): XmlElement {
  const { tag, suite, keyParameters, sessionParameters } = value;
  const attrs: Record<string, string> = {
    'crypto-suite': suite,
    'key-params': keyParameters,
    tag: String(tag),
  };
  if (sessionParameters.length > 0) attrs['session-params'] = sessionParameters.join(' ');
  return element(NS.rtp, 'crypto', attrs);
}
