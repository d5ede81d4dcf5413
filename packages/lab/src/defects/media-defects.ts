import type { Defect } from './defect.ts';

export const MEDIA_DEFECTS: readonly Defect[] = [
  {
    id: 'silent-rtp',
    title: "The callee's packets come at full rate, none is lost, and there is silence in them.",
    seen: 'Every transport metric is green, and the caller hears nothing.',
    clause: 'RFC 8834 section 4',
    scenario: 'call',
    check: 'audio',
    impair: { side: 'callee', what: 'silent-audio' },
  },
  {
    id: 'frozen-video',
    title: "The callee's picture stands still while its packets go on.",
    seen: 'The caller sees the same frame over and over.',
    clause: 'RFC 7742 section 5',
    scenario: 'call',
    check: 'video',
    impair: { side: 'callee', what: 'frozen-video' },
  },
];
