import type { LosableLeg } from '@crosspoint/gateway';
import { fromSignal, type Signal, type Tap, writeMessage } from '@crosspoint/signaling';

/**
 * The same leg, with each of its Signals in the trace, written as the web protocol writes it: what the lab judges does
 * not depend on the protocol that a leg speaks.
 */
export function tracedLeg(leg: LosableLeg, side: 'caller' | 'callee', call: string, tap: Tap): LosableLeg {
  let offered = false;
  const note = (direction: 'in' | 'out', signal: Signal): void => {
    let head = fromSignal(signal, call) as { readonly type: string };
    if (signal.type === 'offer' && !offered)
      head = { ...head, type: direction === 'in' ? 'call' : 'incoming' };
    if (signal.type === 'offer' || signal.type === 'ask-offer') offered = true;
    const sdp = signal.type === 'offer' || signal.type === 'answer' ? signal.description.text : undefined;
    tap({
      at: Date.now(),
      node: 'server',
      peer: side,
      direction,
      protocol: 'signal',
      raw: writeMessage(head, sdp),
      summary: head.type,
      call,
    });
  };
  return {
    protocol: leg.protocol,
    party: leg.party,
    send(signal) {
      note('out', signal);
      leg.send(signal);
    },
    attach(receive) {
      leg.attach((signal) => {
        note('in', signal);
        receive(signal);
      });
    },
    whenLost: (lost) => leg.whenLost(lost),
  };
}
