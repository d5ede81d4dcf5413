const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;

export interface PlainRtcp {
  /** What is left, or undefined where nothing is that may stand alone. */
  readonly packet: Uint8Array | undefined;
  /** Feedback packets taken out. */
  readonly removed: number;
}

/**
 * A compound RTCP packet for a side of RTP/AVP: without the feedback that AVPF brought (RFC 4585 section 6), and only
 * with a report in front (RFC 3550 section 6.1). The same bytes where nothing is to be taken out; undefined and nothing
 * removed where it is malformed.
 */
export function withoutFeedback(bytes: Uint8Array): PlainRtcp {
  let removed = 0;
  const kept: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length || bytes[at]! >> 6 !== 2) return { packet: undefined, removed: 0 };
    const end = at + 4 * (((bytes[at + 2]! << 8) | bytes[at + 3]!) + 1);
    if (end > bytes.length) return { packet: undefined, removed: 0 };
    const type = bytes[at + 1]!;
    if (type === TRANSPORT_FEEDBACK || type === PAYLOAD_FEEDBACK) removed++;
    else kept.push(bytes.subarray(at, end));
    at = end;
  }
  const first = kept[0]?.[1];
  if (first !== SENDER_REPORT && first !== RECEIVER_REPORT) return { packet: undefined, removed };
  if (removed === 0) return { packet: bytes, removed };
  const packet = new Uint8Array(kept.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of kept) {
    packet.set(each, at);
    at += each.length;
  }
  return { packet, removed };
}
