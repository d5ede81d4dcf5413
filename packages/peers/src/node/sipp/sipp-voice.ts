import type { SipOpenOptions } from '../../contract.ts';
import { freePortPair } from '../sip-phone/free-port.ts';
import type { OwnRtp } from '../sip-phone/rtp-description.ts';
import { RtpVoice, type RtpVoiceEvents } from '../sip-phone/rtp-voice.ts';

/** A voice for one call, and what a description says of it; no codecs where none of those asked for is one of its own. */
export async function openVoice(
  { mediaAddress, pattern, audioCodecs }: SipOpenOptions,
  events: RtpVoiceEvents,
): Promise<{ voice: RtpVoice; own: OwnRtp }> {
  const voice = await RtpVoice.open(mediaAddress, await freePortPair(mediaAddress), pattern, events);
  const wanted = (['PCMU', 'PCMA'] as const).filter(
    (name) => audioCodecs.length === 0 || audioCodecs.includes(name),
  );
  const codecs = [...wanted].sort((a, b) => audioCodecs.indexOf(a) - audioCodecs.indexOf(b));
  return { voice, own: { address: mediaAddress, port: voice.port, codecs, direction: 'sendrecv' } };
}
