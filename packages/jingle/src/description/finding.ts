import type { XmlElement } from '../xml/element.ts';

/** One thing wrong with a stanza that does not stop it from being read. */
export interface JingleFinding {
  /** Stable word; equal to the id of the known interop case where there is one. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence for a person. */
  readonly message: string;
  /** `XEP-0320 section 2`. */
  readonly clause: string;
  /** The content it concerns, from 0. */
  readonly mediaIndex?: number;
  readonly element?: XmlElement;
}

/** What reading a stanza has to say, kept while its elements are walked. */
export class ReadingNotes {
  readonly findings: JingleFinding[] = [];
  readonly dropped: {
    readonly name: string;
    readonly text: string;
    readonly line: 0;
    readonly element: XmlElement;
    readonly mediaIndex?: number;
  }[] = [];
  mediaIndex: number | undefined;

  finding(
    code: string,
    element: XmlElement,
    clause: string,
    message: string,
    severity: JingleFinding['severity'] = 'error',
  ): void {
    const base = { code, severity, message, clause, element };
    this.findings.push(this.mediaIndex === undefined ? base : { ...base, mediaIndex: this.mediaIndex });
  }

  drop(name: string, text: string, element: XmlElement): void {
    const base = { name, text, line: 0, element } as const;
    this.dropped.push(this.mediaIndex === undefined ? base : { ...base, mediaIndex: this.mediaIndex });
  }

  /** An element that no line of SDP stands for. */
  element(parent: XmlElement, child: XmlElement): void {
    this.drop(`${parent.name}/${child.name}`, child.xmlns === parent.xmlns ? '' : child.xmlns, child);
  }
}
