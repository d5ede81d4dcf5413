import { wordsOf } from '../embedded/call-reason.ts';
import type { Tell } from '../embedded/peer-program.ts';
import { candidatesIn } from './candidate-xml.ts';
import type { JingleCall } from './jingle-call.ts';
import { type Role, toDirection, toSenders } from './jingle-read.ts';
import { writeError, writeReason } from './jingle-reasons.ts';
import { NS } from './namespaces.ts';
import { type XmlElement, xml } from './xml.ts';

export interface ActionEvents {
  readonly tell: Tell;
  request(action: string, ...children: XmlElement[]): Promise<void>;
}

/** What is said in a session between its beginning and its end. */
export class SessionActions {
  readonly #call: Pick<JingleCall, 'hangUp' | 'media' | 'phase' | 'role'>;
  readonly #events: ActionEvents;

  constructor(call: Pick<JingleCall, 'hangUp' | 'media' | 'phase' | 'role'>, events: ActionEvents) {
    this.#call = call;
    this.#events = events;
  }

  /** @returns the error that it is answered with; undefined: it is taken */
  take(action: string, jingle: XmlElement, theirs: Role): XmlElement | undefined {
    const contents = jingle.getChildren('content', NS.jingle);
    switch (action) {
      case 'transport-info':
        return this.#transportInfo(contents);
      case 'session-info':
        return this.#sessionInfo(jingle);
      case 'content-modify':
        return this.#modify(contents, theirs);
      case 'content-add':
        // XEP-0166 section 7.2.1: what cannot be taken is refused by name.
        this.#after('content-reject', ...contents.map(bare), writeReason({ code: 'not-acceptable' }));
        return undefined;
      case 'transport-replace':
        this.#after('transport-reject', ...contents, writeReason({ code: 'transport-unsupported' }));
        return undefined;
      case 'content-remove':
        return this.#remove(contents);
      case 'description-info':
      case 'content-reject':
        return undefined;
      default:
        return writeError('cancel', 'feature-not-implemented');
    }
  }

  #transportInfo(contents: readonly XmlElement[]): XmlElement | undefined {
    const { media } = this.#call;
    for (const content of contents) {
      const transport = content.getChild('transport', NS.ice);
      const { ufrag } = transport?.attrs ?? {};
      const known = media.farUfrag;
      if (ufrag !== undefined && known !== undefined && ufrag !== known) {
        // XEP-0176 section 5.9: other credentials restart ICE. The call goes on as it was.
        this.#events.tell('trouble', {
          words: 'the far side asked for an ICE restart: libdatachannel has none',
        });
        return writeError('cancel', 'feature-not-implemented');
      }
      for (const candidate of candidatesIn(transport)) media.addCandidate(candidate);
    }
    return undefined;
  }

  /** XEP-0167 section 8: one payload, or none, which is a ping. */
  #sessionInfo(jingle: XmlElement): XmlElement | undefined {
    const payloads = jingle.getChildElements();
    for (const payload of payloads) {
      if (payload.getNS() !== NS.rtpInfo) continue;
      if (payload.name === 'hold') this.#call.media.farHold = true;
      else if (payload.name === 'unhold' || payload.name === 'active') this.#call.media.farHold = false;
      else if (!['ringing', 'mute', 'unmute'].includes(payload.name)) break;
      return undefined;
    }
    if (payloads.length === 0) return undefined;
    return writeError('modify', 'feature-not-implemented', 'unsupported-info');
  }

  #modify(contents: readonly XmlElement[], theirs: Role): XmlElement | undefined {
    const { media } = this.#call;
    for (const { attrs } of contents) {
      const section = media.sections.find(({ mid }) => mid === attrs.name);
      if (section === undefined) return writeError('cancel', 'item-not-found');
      if (section.use === 'audio') media.farDirection = toDirection(attrs.senders, theirs);
    }
    return undefined;
  }

  #remove(contents: readonly XmlElement[]): XmlElement | undefined {
    const { media } = this.#call;
    media.remove(contents.map(({ attrs }) => String(attrs.name)));
    // XEP-0166 section 7.2.4: a session of nothing is over.
    if (!media.sections.some(({ use }) => use !== 'refused')) setImmediate(() => this.#call.hangUp());
    return undefined;
  }

  /** Asks to hold by the word for it; where the far side does not know it, by the senders of the content. */
  hold(on: boolean): void {
    const word = xml(on ? 'hold' : 'unhold', { xmlns: NS.rtpInfo });
    this.#events
      .request('session-info', word)
      .catch(() => {
        const audio = this.#call.media.sections.find(({ use }) => use === 'audio');
        const senders = toSenders(this.#call.media.wanted, this.#call.role);
        const content = xml('content', { creator: 'initiator', name: audio?.mid, senders });
        return this.#events.request('content-modify', content);
      })
      .catch((error: unknown) => {
        if (this.#call.phase !== 'ended') this.#events.tell('trouble', { words: `hold: ${wordsOf(error)}` });
      });
  }

  /** Once the IQ is answered. */
  #after(action: string, ...children: XmlElement[]): void {
    setImmediate(() => {
      this.#events.request(action, ...children).catch((error: unknown) => {
        if (this.#call.phase !== 'ended') {
          this.#events.tell('trouble', { words: `${action}: ${wordsOf(error)}` });
        }
      });
    });
  }
}

/** A content by its name alone. */
function bare({ attrs }: XmlElement): XmlElement {
  return xml('content', { creator: attrs.creator, name: attrs.name });
}
