import {
  addAttribute,
  attributes,
  codecs,
  type MediaDescription,
  mapMedia,
  withoutAttribute,
} from '@crosspoint/sdp';
import type { Defect } from './defect.ts';
import { changeDescriptions } from './description-change.ts';

/** The m-section with the meaning of two payload types exchanged: what is sent is not what was announced. */
function swapped(media: MediaDescription, first: string, second: string): MediaDescription {
  const all = codecs(media);
  const one = all.find((codec) => codec.name.toLowerCase() === first.toLowerCase());
  const other = all.find((codec) => codec.name.toLowerCase() === second.toLowerCase());
  if (one === undefined || other === undefined) return media;
  const maps = attributes(media, 'rtpmap');
  const swap = (payloadType: number): number =>
    payloadType === one.payloadType
      ? other.payloadType
      : payloadType === other.payloadType
        ? one.payloadType
        : payloadType;
  const formats = attributes(media, 'fmtp');
  let changed = withoutAttribute(withoutAttribute(media, 'rtpmap'), 'fmtp');
  for (const map of maps)
    changed = addAttribute(changed, 'rtpmap', { ...map, payloadType: swap(map.payloadType) });
  for (const format of formats) {
    const type = Number(format.format);
    changed = addAttribute(
      changed,
      'fmtp',
      Number.isNaN(type) ? format : { ...format, format: String(swap(type)) },
    );
  }
  return changed;
}

/** The m-section with one codec called by another's name. */
function renamed(media: MediaDescription, from: string, to: string): MediaDescription {
  const maps = attributes(media, 'rtpmap');
  if (!maps.some((map) => map.name.toLowerCase() === from.toLowerCase())) return media;
  let changed = withoutAttribute(media, 'rtpmap');
  for (const map of maps) {
    changed = addAttribute(
      changed,
      'rtpmap',
      map.name.toLowerCase() === from.toLowerCase() ? { ...map, name: to } : map,
    );
  }
  return changed;
}

const codecLie: Defect = {
  id: 'codec-lie',
  title: 'The payload types of VP8 and VP9 are exchanged in the answer: one is announced, the other sent.',
  seen: 'Packets at full rate, and no picture can be made of them; with sound it is noise.',
  clause: 'RFC 3264 section 6.1',
  scenario: 'call',
  check: 'video',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, (description) =>
    mapMedia(description, (media) => (media.media === 'video' ? swapped(media, 'VP8', 'VP9') : media)),
  ),
};

function codecNamed(id: string, from: string, to: string, scenario: string): Defect {
  return {
    id,
    title: `The answer calls ${from} by the name of ${to}, under the payload type of ${from}.`,
    seen: 'The answer is rejected, or what is sent cannot be decoded.',
    clause: 'RFC 3264 section 6.1',
    scenario,
    check: `codec-${from.toLowerCase()}`,
    change: changeDescriptions({ type: 'answer' }, (description) =>
      mapMedia(description, (media) => renamed(media, from, to)),
    ),
  };
}

export const CODEC_DEFECTS: readonly Defect[] = [
  codecLie,
  codecNamed('codec-lie-opus', 'opus', 'L16', 'codecs-opus-vp8'),
  codecNamed('codec-lie-vp8', 'VP8', 'VP9', 'codecs-opus-vp8'),
  codecNamed('codec-lie-pcmu', 'PCMU', 'PCMA', 'codecs-pcmu-vp9'),
  codecNamed('codec-lie-vp9', 'VP9', 'VP8', 'codecs-pcmu-vp9'),
  codecNamed('codec-lie-pcma', 'PCMA', 'PCMU', 'codecs-pcma-h264'),
  codecNamed('codec-lie-h264', 'H264', 'VP8', 'codecs-pcma-h264'),
  codecNamed('codec-lie-g722', 'G722', 'PCMU', 'codecs-g722-av1'),
  codecNamed('codec-lie-av1', 'AV1', 'VP8', 'codecs-g722-av1'),
];
