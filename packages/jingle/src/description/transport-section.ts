import type { IceCandidate } from '@crosspoint/ice';
import { writeAttribute } from '@crosspoint/sdp';
import { NS } from '../namespaces.ts';
import { textOf, type XmlElement } from '../xml/element.ts';
import { fromCandidateElement } from './candidate-element.ts';
import type { ReadingNotes } from './finding.ts';
import { isToken, wholeNumber } from './words.ts';

/** What a transport says, as lines and as values. */
export interface TransportSection {
  readonly candidates: readonly IceCandidate[];
  readonly isComplete: boolean;
  readonly ufrag: string | undefined;
  readonly pwd: string | undefined;
  readonly fingerprints: readonly { readonly hash: string; readonly value: string }[];
  readonly setup: string | undefined;
  readonly sctpPort: number | undefined;
}

const SETUPS: ReadonlySet<string> = new Set(['active', 'passive', 'actpass']);

/** Reads a transport of XEP-0176 (with what XEP-0320, 0343 and 0371 put into it). What is malformed is a finding. */
export function readTransport(transport: XmlElement, notes: ReadingNotes): TransportSection {
  const candidates: IceCandidate[] = [];
  const fingerprints: { hash: string; value: string }[] = [];
  let setup: string | undefined;
  let sctpPort: number | undefined;
  let isComplete = false;
  for (const child of transport.children) {
    if (typeof child === 'string') continue;
    if (child.name === 'candidate' && child.xmlns === transport.xmlns) {
      const candidate = fromCandidateElement(child, (attribute, value) =>
        notes.drop(`candidate@${attribute}`, value, child),
      );
      if (candidate !== undefined) candidates.push(candidate);
      else
        notes.finding(
          'candidate-malformed',
          child,
          'XEP-0176 section 5.4',
          'a candidate that cannot be read',
        );
    } else if (child.name === 'fingerprint' && child.xmlns === NS.dtls) {
      const value = textOf(child).trim();
      const { hash } = child.attrs;
      if (!isToken(hash) || !isToken(value)) {
        notes.finding(
          'fingerprint-malformed',
          child,
          'XEP-0320 section 2',
          'a fingerprint without hash or value',
        );
        continue;
      }
      fingerprints.push({ hash, value });
      setup = readSetup(child, setup, notes);
    } else if (child.name === 'sctpmap' && child.xmlns === NS.dtlsSctp) {
      sctpPort = readSctp(child, notes) ?? sctpPort;
    } else if (child.name === 'gathering-complete') isComplete = true;
    else notes.element(transport, child);
  }
  const { ufrag, pwd } = transport.attrs;
  return {
    candidates,
    isComplete,
    ufrag: isToken(ufrag) ? ufrag : undefined,
    pwd: isToken(pwd) ? pwd : undefined,
    fingerprints,
    setup,
    sctpPort,
  };
}

function readSetup(child: XmlElement, before: string | undefined, notes: ReadingNotes): string | undefined {
  const { setup } = child.attrs;
  if (setup === undefined) {
    notes.finding(
      'jingle-no-setup',
      child,
      'XEP-0320 section 2',
      'a fingerprint that does not say who opens DTLS',
    );
    return before;
  }
  if (!SETUPS.has(setup)) {
    notes.finding('setup-unknown', child, 'XEP-0320 section 2', 'a setup that is no role of DTLS');
    return before;
  }
  if (before !== undefined && before !== setup)
    notes.finding(
      'setup-contradicts',
      child,
      'XEP-0320 section 2',
      'fingerprints that disagree on the role of DTLS',
    );
  return before ?? setup;
}

function readSctp(child: XmlElement, notes: ReadingNotes): number | undefined {
  // The schema says number, the table of attributes says port.
  const port = wholeNumber(child.attrs.number ?? child.attrs.port, 65_535);
  if (port === undefined)
    notes.finding('sctpmap-malformed', child, 'XEP-0343 section 4.2', 'an SCTP map without its port');
  const { streams } = child.attrs;
  // RFC 8841 dropped the number of streams: SCTP agrees on it itself.
  if (streams !== undefined) notes.drop('sctpmap@streams', streams, child);
  return port;
}

/** The lines of ICE and DTLS, in the order browsers write them. */
export function transportLines(transport: TransportSection): string {
  let lines = '';
  for (const candidate of transport.candidates) lines += `${writeAttribute('candidate', candidate)}\r\n`;
  if (transport.isComplete) lines += 'a=end-of-candidates\r\n';
  if (transport.ufrag !== undefined) lines += `a=ice-ufrag:${transport.ufrag}\r\n`;
  if (transport.pwd !== undefined) lines += `a=ice-pwd:${transport.pwd}\r\n`;
  if (transport.ufrag !== undefined) lines += 'a=ice-options:trickle\r\n';
  for (const { hash, value } of transport.fingerprints) lines += `a=fingerprint:${hash} ${value}\r\n`;
  if (transport.setup !== undefined) lines += `a=setup:${transport.setup}\r\n`;
  return lines;
}
