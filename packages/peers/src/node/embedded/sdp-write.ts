import type { Direction } from './sdp-read.ts';
import { eventLines } from './telephone-events.ts';

/** What an end says of its own transport. */
export interface LocalTransport {
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprint: string;
  readonly setup: 'actpass' | 'active' | 'passive';
  readonly candidates: readonly string[];
  /** All candidates are there: gathering is over. */
  readonly complete: boolean;
}

export interface LocalAudio {
  readonly payloadType: number;
  readonly name: 'PCMU' | 'PCMA';
}

/** One m-section of our description. A refused one keeps its place (RFC 3264 section 6). */
export type LocalSection =
  | {
      readonly use: 'audio';
      readonly mid: string | undefined;
      readonly codecs: readonly LocalAudio[];
      readonly direction: Direction;
      readonly ssrc: number;
      /** The payload type of telephone-events; undefined where they are not taken. */
      readonly eventType: number | undefined;
    }
  | { readonly use: 'data'; readonly mid: string | undefined }
  | {
      readonly use: 'refused';
      readonly mid: string | undefined;
      readonly kind: string;
      readonly protocol: string;
      readonly formats: readonly string[];
    };

export interface LocalOrigin {
  readonly id: string;
  readonly version: number;
}

const CNAME = 'embedded';

/** Writes an offer or an answer: one bundled transport, RTCP multiplexed. */
export function writeLocal(
  origin: LocalOrigin,
  sections: readonly LocalSection[],
  transport: LocalTransport,
): string {
  const live = sections.filter((section) => section.use !== 'refused');
  const mids = live.flatMap((section) => section.mid ?? []);
  const lines = [
    'v=0',
    `o=- ${origin.id} ${origin.version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    ...(mids.length > 0 ? [`a=group:BUNDLE ${mids.join(' ')}`] : []),
    'a=ice-options:trickle ice2',
    'a=msid-semantic: WMS *',
  ];
  for (const section of sections) {
    lines.push(...mediaLines(section));
    // One transport: its candidates stand in the first section that uses it (RFC 9143 section 9).
    if (section.use !== 'refused') lines.push(...transportLines(transport, section === live[0]));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function mediaLines(section: LocalSection): string[] {
  const mid = section.mid === undefined ? [] : [`a=mid:${section.mid}`];
  const nowhere = 'c=IN IP4 0.0.0.0';
  switch (section.use) {
    case 'audio': {
      const types = [...section.codecs.map((codec) => codec.payloadType), section.eventType ?? []]
        .flat()
        .join(' ');
      return [
        `m=audio 9 UDP/TLS/RTP/SAVPF ${types}`,
        nowhere,
        ...mid,
        `a=${section.direction}`,
        'a=rtcp-mux',
        ...section.codecs.map((codec) => `a=rtpmap:${codec.payloadType} ${codec.name}/8000`),
        ...eventLines(section.eventType),
        'a=ptime:20',
        `a=msid:${CNAME} ${CNAME}-audio`,
        `a=ssrc:${section.ssrc} cname:${CNAME}`,
      ];
    }
    case 'data':
      return [
        'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
        nowhere,
        ...mid,
        'a=sctp-port:5000',
        'a=max-message-size:262144',
      ];
    case 'refused':
      return [
        `m=${section.kind} 0 ${section.protocol} ${section.formats.join(' ')}`,
        nowhere,
        ...mid,
        'a=inactive',
      ];
  }
}

function transportLines(transport: LocalTransport, first: boolean): string[] {
  return [
    `a=ice-ufrag:${transport.ufrag}`,
    `a=ice-pwd:${transport.password}`,
    `a=fingerprint:${transport.fingerprint}`,
    `a=setup:${transport.setup}`,
    ...(first ? transport.candidates.map((candidate) => `a=${candidate}`) : []),
    ...(first && transport.complete ? ['a=end-of-candidates'] : []),
  ];
}
