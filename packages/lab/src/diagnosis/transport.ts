import { hearing } from '../checks/media.ts';
import { SIDES, type Side } from '../evidence.ts';
import { type CallReading, moment, wasConnected } from './call-reading.ts';
import { states } from './lost-candidates.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/**
 * ICE gives up only after it has tried for long (RFC 8445 section 14: retransmissions alone take seconds); a transport
 * that fails sooner was refused by DTLS, which sends an alert at once. In milliseconds.
 */
const ICE_PATIENCE_MS = 5000;

function stateAt(reading: CallReading, side: Side, state: string): number | undefined {
  return reading.evidence[side].events.find((event) => event.event === 'transport' && event.state === state)
    ?.at;
}

/** A transport that did not come up, or did not stay. */
export function suspectTransport(reading: CallReading): Suspicion[] {
  const { evidence } = reading;
  if (reading.judgesEnd) return [];
  if (reading.check.id === 'fingerprint-refused') return suspectUnchecked(reading);
  const tried = SIDES.filter((side) => evidence[side].events.some((event) => event.event === 'transport'));
  if (tried.length === 0) return [];
  const seen = SIDES.map((side) => `the ${side}'s transport went through: ${states(evidence, side)}`);
  const failed = SIDES.filter((side) => stateAt(reading, side, 'failed') !== undefined);
  if (reading.connected) {
    if (failed.length === 0) return [];
    return [
      {
        cause: 'transport-lost',
        clause: 'RFC 7675 section 5.1',
        words: `the transport was up and failed in the call, on the ${failed.join(' and the ')}`,
        seen: [
          ...seen,
          ...failed.map((side) => `failed ${moment(evidence, stateAt(reading, side, 'failed')!)}`),
        ],
        weight: WEIGHT.transport,
      },
    ];
  }
  const soon = failed.filter((side) => {
    const began = stateAt(reading, side, 'connecting');
    return began !== undefined && stateAt(reading, side, 'failed')! - began < ICE_PATIENCE_MS;
  });
  const refused = soon.length > 0 || SIDES.some((side) => wasConnected(evidence, side));
  return [
    refused
      ? {
          cause: 'dtls-failed',
          clause: 'RFC 8827 section 6.5, RFC 5763 section 5',
          words: 'ICE found a way, and the DTLS handshake on it failed',
          seen,
          weight: WEIGHT.transport + 1,
        }
      : {
          cause: 'ice-failed',
          clause: 'RFC 8445 section 7',
          words: 'the transport never came up: no connectivity check got through',
          seen,
          weight: WEIGHT.transport,
        },
  ];
}

/** What ought to have been refused was not. */
function suspectUnchecked(reading: CallReading): Suspicion[] {
  const { evidence } = reading;
  // The side that is the DTLS server may think itself connected before the other refuses.
  const heard = SIDES.filter((side) => hearing(evidence, 'media', side).far);
  const up = heard.length > 0 ? heard : SIDES.filter((side) => wasConnected(evidence, side));
  if (heard.length === 0 && up.length < SIDES.length) return [];
  const altered = reading.relevant.some((crossing) =>
    crossing.changes.some((change) => change.subject === 'dtls'),
  );
  return [
    {
      cause: 'dtls-fingerprint-unchecked',
      clause: 'RFC 8827 section 6.5',
      words: altered
        ? `the fingerprint was another certificate's, and the ${up.join(' and the ')} connected all the same`
        : `the ${up.join(' and the ')} connected, and no wrong fingerprint reached them that they could refuse`,
      ...(altered ? { hop: up[0]! } : { hop: 'server' }),
      seen: SIDES.map((side) => `the ${side}'s transport went through: ${states(evidence, side)}`),
      weight: WEIGHT.hop,
    },
  ];
}
