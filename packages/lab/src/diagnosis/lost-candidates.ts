import { type IceCandidate, IceError, isMdns, parseCandidate } from '@crosspoint/ice';
import { type Evidence, otherSide, SIDES, type Side } from '../evidence.ts';
import { type CallReading, headOf, messages } from './call-reading.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** The candidates that crossed one way through the server, read from messages of their own. */
function trickled(evidence: Evidence, side: Side, direction: 'in' | 'out'): IceCandidate[] {
  return messages(evidence, side, direction, 'candidates').flatMap((entry) => {
    const list = headOf(entry)?.candidates;
    return Array.isArray(list) ? list.flatMap(readable) : [];
  });
}

function readable(wire: { candidate?: unknown }): IceCandidate[] {
  if (typeof wire.candidate !== 'string' || wire.candidate === '') return [];
  try {
    return [parseCandidate(wire.candidate)];
  } catch (error) {
    if (error instanceof IceError) return [];
    throw error;
  }
}

const key = ({ transport, address, port, type }: IceCandidate): string =>
  `${transport.toLowerCase()} ${address} ${port} ${type}`;

/** Candidates that came to the server and did not leave it, or left it changed. */
export function suspectCandidates(reading: CallReading): Suspicion[] {
  if (reading.workedBefore || reading.judgesEnd) return [];
  const { evidence } = reading;
  return SIDES.flatMap((side): Suspicion[] => {
    const sent = trickled(evidence, side, 'in');
    if (sent.length === 0) return [];
    const got = trickled(evidence, otherSide(side), 'out');
    const seen = [
      `the ${side} sent ${sent.length} candidates (${kinds(sent)}), the ${otherSide(side)} got ${got.length}${got.length > 0 ? ` (${kinds(got)})` : ''}`,
      `the transports went through ${SIDES.map((each) => `${each}: ${states(evidence, each)}`).join('; ')}`,
    ];
    const names = got.filter(isMdns);
    if (names.length > 0 && !sent.some(isMdns)) {
      return [
        {
          cause: 'ice-mdns',
          clause: 'draft-ietf-mmusic-mdns-ice-candidates section 3.1.1',
          hop: 'server',
          words: `the ${side}'s candidates name ${names[0]!.address} in place of an address: the ${otherSide(side)} cannot resolve it`,
          seen,
          weight: WEIGHT.hop,
        },
      ];
    }
    const arrived = new Set(got.map(key));
    const lost = sent.filter((candidate) => !arrived.has(key(candidate)));
    if (lost.length === 0) return [];
    const relayed = lost.every((candidate) => candidate.type === 'relay');
    return [
      {
        cause: relayed ? 'relay-lost' : 'candidates-early-lost',
        clause: relayed
          ? 'RFC 8838 section 4, RFC 8445 section 5.1.1'
          : 'RFC 8838 section 4, XEP-0176 section 5.3',
        hop: 'server',
        words: `${lost.length} of the ${sent.length} candidates that the ${side} sent never left the server${relayed ? ', all of them relayed' : ''}`,
        seen,
        weight: WEIGHT.hop,
      },
    ];
  });
}

function kinds(list: readonly IceCandidate[]): string {
  return [...new Set(list.map((candidate) => candidate.type))].join(', ');
}

/** `connecting, failed`: what a side said of its transport. */
export function states(evidence: Evidence, side: Side): string {
  const said = evidence[side].events.flatMap((event) =>
    event.event === 'transport' ? [event.state ?? '?'] : [],
  );
  return said.length === 0 ? 'nothing' : said.join(', ');
}
