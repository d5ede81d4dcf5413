import type { Feedback } from './rtcp.ts';

/** A picture loss indication (RFC 4585 section 6.3.1). */
export function pictureLossIndication(senderSsrc: number, mediaSsrc: number): Feedback {
  return { kind: 'feedback', packetType: 206, format: 1, senderSsrc, mediaSsrc, fci: new Uint8Array() };
}

export const isPictureLossIndication = (packet: Feedback): boolean =>
  packet.packetType === 206 && packet.format === 1;

/** A generic NACK for these sequence numbers: pairs of packet id and bit mask (RFC 4585 section 6.2.1). */
export function genericNack(senderSsrc: number, mediaSsrc: number, lost: readonly number[]): Feedback {
  const pairs: { id: number; mask: number }[] = [];
  for (const number of lost) {
    const pair = pairs.at(-1);
    const behind = pair === undefined ? 0 : (number - pair.id) & 0xffff;
    if (pair && behind >= 1 && behind <= 16) pair.mask |= 1 << (behind - 1);
    else pairs.push({ id: number & 0xffff, mask: 0 });
  }
  const octets = pairs.flatMap(({ id, mask }) => [id >> 8, id & 0xff, mask >> 8, mask & 0xff]);
  return {
    kind: 'feedback',
    packetType: 205,
    format: 1,
    senderSsrc,
    mediaSsrc,
    fci: Uint8Array.from(octets),
  };
}

/** The sequence numbers a generic NACK asks for; none for other feedback. */
export function nackedSequenceNumbers(packet: Feedback): number[] {
  if (packet.packetType !== 205 || packet.format !== 1) return [];
  const numbers: number[] = [];
  for (let at = 0; at + 4 <= packet.fci.length; at += 4) {
    const id = (packet.fci[at]! << 8) | packet.fci[at + 1]!;
    const mask = (packet.fci[at + 2]! << 8) | packet.fci[at + 3]!;
    numbers.push(id);
    for (let bit = 0; bit < 16; bit += 1)
      if ((mask & (1 << bit)) !== 0) numbers.push((id + bit + 1) & 0xffff);
  }
  return numbers;
}
