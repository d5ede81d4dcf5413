import type { RelayFlow } from '../relay/statistics.ts';
import type { NgDictionary, NgValue } from './ng-client.ts';

const dictionary = (value: NgValue | undefined): NgDictionary =>
  typeof value === 'object' && !Array.isArray(value) ? (value as NgDictionary) : {};
const list = (value: NgValue | undefined): readonly NgValue[] =>
  Array.isArray(value) ? (value as readonly NgValue[]) : [];
const number = (value: NgValue | undefined): number => (typeof value === 'number' ? value : 0);
const words = (value: NgValue | undefined): readonly string[] => list(value).map(String);

/** What came from the side with this tag, out of the reply to `query`. rtpengine tells no loss and no digits in it. */
export function ngFlow(reply: NgDictionary, tag: string): RelayFlow {
  let packets = 0;
  let octets = 0;
  let errors = 0;
  let rtcpPackets = 0;
  for (const media of list(dictionary(dictionary(reply.tags)[tag]).medias)) {
    for (const stream of list(dictionary(media).streams)) {
      const { stats, flags } = dictionary(stream);
      const count = dictionary(stats);
      // A multiplexed port counts RTP and RTCP together.
      if (words(flags).includes('RTP')) {
        packets += number(count.packets);
        octets += number(count.bytes);
      } else rtcpPackets += number(count.packets);
      errors += number(count.errors);
    }
  }
  const refused = { strangers: 0, payloadType: 0, malformed: errors, rate: 0 };
  return { packets, octets, lost: undefined, rtcpPackets, feedbackRemoved: 0, digits: undefined, refused };
}
