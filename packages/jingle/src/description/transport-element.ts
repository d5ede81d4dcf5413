import type { IceCandidate } from '@crosspoint/ice';
import type { Fingerprint, Line, Setup } from '@crosspoint/sdp';
import { NS } from '../namespaces.ts';
import { element, type XmlElement, type XmlNode } from '../xml/element.ts';
import { toCandidateElement } from './candidate-element.ts';
import type { DroppedLines } from './dropped.ts';

/** What one section says of ICE and DTLS. */
export interface TransportLines {
  ufrag: string | undefined;
  pwd: string | undefined;
  setup: Setup | undefined;
  readonly fingerprints: Fingerprint[];
}

/** The transport of one m-section in the making (XEP-0176, 0320, 0343): lines are handed in one by one. */
export class TransportElement implements TransportLines {
  ufrag: string | undefined;
  pwd: string | undefined;
  setup: Setup | undefined;
  readonly fingerprints: Fingerprint[] = [];
  readonly candidates: { readonly candidate: IceCandidate; readonly line: number }[] = [];
  readonly #drops: DroppedLines;
  #sctp: Readonly<Record<string, string>> | undefined;
  #complete = false;

  constructor(drops: DroppedLines) {
    this.#drops = drops;
  }

  /** Takes a line in, where Jingle has a place for it; false where it has none. */
  take(line: Line): boolean {
    switch (line.kind) {
      case 'candidate':
        this.candidates.push({ candidate: line.value, line: this.#drops.line });
        return true;
      case 'ice-ufrag':
        if (this.ufrag !== undefined) return false;
        this.ufrag = line.value;
        return true;
      case 'ice-pwd':
        if (this.pwd !== undefined) return false;
        this.pwd = line.value;
        return true;
      case 'ice-options':
        // Jingle's candidates may always come later: trickling is not an option of it (XEP-0176 section 5.3).
        // libdatachannel joins options by commas.
        for (const option of line.value.flatMap((each) => each.split(',')))
          if (option !== 'trickle') this.#drops.add(`a=ice-options ${option}`, option);
        return true;
      case 'end-of-candidates':
        this.#complete = true;
        return true;
      case 'fingerprint':
        this.fingerprints.push(line.value);
        return true;
      case 'setup':
        // XEP-0320 has no holdconn.
        if (this.setup !== undefined || line.value === 'holdconn') return false;
        this.setup = line.value;
        return true;
      case 'sctp-port':
        if (this.#sctp !== undefined) return false;
        this.#sctp = { number: String(line.value), protocol: 'webrtc-datachannel' };
        return true;
      case 'sctpmap': {
        if (this.#sctp !== undefined) return false;
        const { port, protocol, streams } = line.value;
        const attrs = { number: String(port), protocol };
        this.#sctp = streams === undefined ? attrs : { ...attrs, streams: String(streams) };
        return true;
      }
      default:
        return false;
    }
  }

  /** Whether it says all that a bundle may say for it. */
  get isWhole(): boolean {
    return this.ufrag !== undefined && this.fingerprints.length > 0 && this.setup !== undefined;
  }

  /** Fills in what the m-section is silent of, from the session or from the section that carries its bundle. */
  inherit(other: TransportLines): void {
    if (this.ufrag === undefined && this.pwd === undefined) {
      this.ufrag = other.ufrag;
      this.pwd = other.pwd;
    }
    if (this.fingerprints.length === 0) this.fingerprints.push(...other.fingerprints);
    this.setup ??= other.setup;
  }

  element(): XmlElement {
    const attrs: Record<string, string> = {};
    if (this.ufrag !== undefined) attrs.ufrag = this.ufrag;
    if (this.pwd !== undefined) attrs.pwd = this.pwd;
    const children: XmlNode[] = [];
    for (const { hash, value } of this.fingerprints) {
      children.push(
        element(NS.dtls, 'fingerprint', this.setup === undefined ? { hash } : { hash, setup: this.setup }, [
          value,
        ]),
      );
    }
    if (this.#sctp !== undefined) children.push(element(NS.dtlsSctp, 'sctpmap', this.#sctp));
    for (const { candidate, line } of this.candidates) {
      children.push(
        toCandidateElement(candidate, this.ufrag, ({ name, value }) => {
          this.#drops.line = line;
          this.#drops.add(`a=candidate ${name}`, `${name} ${value}`);
        }),
      );
    }
    // In the namespace of the transport, as real programs write and read it (XEP-0371 section 5.9 has one of its own).
    if (this.#complete) children.push(element(NS.iceUdp, 'gathering-complete'));
    return element(NS.iceUdp, 'transport', attrs, children);
  }
}
