import { findingFromSipError, lint, type SipFinding } from './lint.ts';
import { parseMessage } from './parse-message.ts';
import { SipSyntaxError } from './sip-error.ts';
import { writeMessage } from './write-message.ts';

/** What was found of some bytes that may be a SIP message. */
export interface SipJudgement {
  readonly parsed: boolean;
  /** Whether the message is written back as it was read; undefined when it was not read. */
  readonly roundTrip: boolean | undefined;
  readonly findings: readonly SipFinding[];
}

/** Reads, judges and writes back one message. Throws nothing for what the bytes hold. */
export function judgeSipBytes(bytes: Uint8Array): SipJudgement {
  try {
    const message = parseMessage(bytes);
    const findings = lint(message);
    const written = writeMessage(message);
    if (written.length < bytes.length) {
      const what = `${bytes.length - written.length} bytes follow the message`;
      findings.push({
        code: 'bytes-behind',
        severity: 'warning',
        message: what,
        clause: 'RFC 3261 section 18.3',
        line: 1,
        column: 1,
      });
    }
    return { parsed: true, roundTrip: written.every((byte, at) => byte === bytes[at]), findings };
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    return { parsed: false, roundTrip: undefined, findings: [findingFromSipError(error)] };
  }
}
