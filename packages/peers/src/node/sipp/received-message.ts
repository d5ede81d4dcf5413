/** What the driver needs of a message that SIPp got. It is no parser: SIPp has taken the message already. */
export interface ReceivedMessage {
  readonly status: number | undefined;
  readonly phrase: string;
  /** The far side's address: `sip:alice@lab.localhost`. */
  readonly from: string;
  /** The values of all its Reason headers. */
  readonly reason: string | undefined;
  readonly body: string;
}

/** Reads a message as SIPp hands it on. */
export function readMessage(text: string): ReceivedMessage {
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const status = /^SIP\/2\.0 (\d{3}) ?(.*)/.exec(head);
  const header = (name: string, short: string): string | undefined =>
    new RegExp(`^(?:${name}|${short})[ \\t]*:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim();
  const from = header('From', 'f') ?? '';
  const reasons = [...head.matchAll(/^Reason[ \t]*:[ \t]*(.*)$/gim)].map((each) => each[1]!.trim());
  return {
    status: status === null ? undefined : Number(status[1]),
    phrase: status?.[2]?.trim() ?? '',
    from: /<([^>;]*)/.exec(from)?.[1] ?? from.replace(/;.*$/, ''),
    reason: reasons.length === 0 ? undefined : reasons.join(', '),
    body: end === null ? '' : text.slice(end.index + end[0].length),
  };
}
