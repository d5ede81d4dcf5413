import {
  type Codec,
  type Crypto,
  type Fingerprint,
  type LazyDescription,
  open,
  type Setup,
  writeAttribute,
} from '@crosspoint/sdp';
import type { PlannedLine, PlannedUse } from './relayed-line.ts';

/** A relay's own end toward a WebRTC side: one transport for all m-lines. */
export interface LocalWebrtc {
  readonly kind: 'webrtc';
  readonly address: string;
  readonly port: number;
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: Fingerprint;
  readonly setup: Setup;
  /** `candidate:...`; all there are. */
  readonly candidates: readonly string[];
  /** Names the stream for the far side's page. */
  readonly stream: string;
}

/** A relay's own end toward a plain side: ports for each m-line, by the line's id. */
export interface LocalPlain {
  readonly kind: 'plain';
  readonly address: string;
  readonly ports: ReadonlyMap<
    number,
    { readonly rtp: number; readonly rtcp: number; readonly crypto?: readonly Crypto[] }
  >;
}

export type LocalTransport = LocalWebrtc | LocalPlain;

const family = (address: string): string => (address.includes(':') ? 'IP6' : 'IP4');

/** The lines of a description but its o= line, which `SideDescriptions` numbers. */
export function descriptionLines(
  type: 'offer' | 'answer',
  plans: readonly PlannedLine[],
  local: LocalTransport,
  started: boolean,
): { readonly session: readonly string[]; readonly media: readonly string[] } {
  const connection = `c=IN ${family(local.address)} ${local.address}`;
  if (local.kind === 'plain') {
    return { session: [connection, 't=0 0'], media: plans.flatMap((plan) => plainLines(plan, local)) };
  }
  const active = plans.filter(({ use }) => use !== undefined);
  const mids = active.map(({ place }) => place.mid).filter((mid) => mid !== undefined);
  const session = ['t=0 0'];
  if (mids.length > 0) session.push(`a=group:BUNDLE ${mids.join(' ')}`);
  session.push('a=ice-options:trickle', 'a=msid-semantic: WMS *');
  const media = plans.flatMap((plan) =>
    webrtcLines(plan, local, connection, plan === active[0], type === 'offer' && !started),
  );
  return { session, media };
}

function refusedLines({ line, place }: PlannedLine): string[] {
  const formats = place.formats.length > 0 ? place.formats : ['0'];
  const lines = [
    `m=${line.media} 0 ${place.protocol} ${formats.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    'a=inactive',
  ];
  if (place.mid !== undefined) lines.push(`a=mid:${place.mid}`);
  return lines;
}

function codecLines(codecs: readonly Codec[]): string[] {
  return codecs.flatMap(({ payloadType, name, clockRate, channels, parameters }) => {
    const map = { payloadType, name, clockRate, channels: channels === 1 ? undefined : channels };
    const lines = [writeAttribute('rtpmap', map)];
    if (parameters.length > 0)
      lines.push(writeAttribute('fmtp', { format: String(payloadType), parameters }));
    return lines;
  });
}

const numbers = ({ codecs }: PlannedUse): string => codecs.map(({ payloadType }) => payloadType).join(' ');
const bandwidth = ({ kept }: PlannedUse): string[] => kept.filter((line) => line.startsWith('b='));
const attributes = ({ kept }: PlannedUse): string[] => kept.filter((line) => line.startsWith('a='));

function plainLines(plan: PlannedLine, local: LocalPlain): string[] {
  const { line, place, use } = plan;
  const ports = local.ports.get(line.id);
  if (use === undefined || ports === undefined) return refusedLines(plan);
  return [
    `m=${line.media} ${ports.rtp} ${place.protocol} ${numbers(use)}`,
    ...bandwidth(use),
    ...codecLines(use.codecs),
    ...attributes(use),
    ...(ports.crypto ?? []).map((crypto) => writeAttribute('crypto', crypto)),
    ...(place.mid === undefined ? [] : [`a=mid:${place.mid}`]),
    `a=${use.direction}`,
    `a=rtcp:${ports.rtcp}`,
  ];
}

function webrtcLines(
  plan: PlannedLine,
  local: LocalWebrtc,
  connection: string,
  first: boolean,
  initial: boolean,
): string[] {
  const { line, place, use } = plan;
  if (use === undefined) return refusedLines(plan);
  const bundled = initial && !first;
  const kept = attributes(use);
  const sends = use.direction === 'sendrecv' || use.direction === 'sendonly';
  const stream =
    kept.some((each) => each.startsWith('a=msid:')) || !sends
      ? []
      : [`a=msid:${local.stream} ${local.stream}-${line.id}`];
  return [
    `m=${line.media} ${bundled ? 0 : local.port} ${place.protocol} ${numbers(use)}`,
    connection,
    ...bandwidth(use),
    ...(bundled ? ['a=bundle-only'] : []),
    `a=ice-ufrag:${local.ufrag}`,
    `a=ice-pwd:${local.pwd}`,
    writeAttribute('fingerprint', local.fingerprint),
    `a=setup:${local.setup}`,
    ...(place.mid === undefined ? [] : [`a=mid:${place.mid}`]),
    `a=${use.direction}`,
    ...stream,
    'a=rtcp-mux',
    ...codecLines(use.codecs),
    ...kept,
    ...(first ? [...local.candidates.map((candidate) => `a=${candidate}`), 'a=end-of-candidates'] : []),
  ];
}

/** The descriptions one side was given: its o= line counts each that differs from the last (RFC 3264 section 8). */
export class SideDescriptions {
  readonly #sessionId: string;
  readonly #address: string;
  #version = 0;
  #body = '';
  #last: LazyDescription | undefined;

  constructor(sessionId: string, address: string) {
    this.#sessionId = sessionId;
    this.#address = address;
  }

  get started(): boolean {
    return this.#last !== undefined;
  }

  write(lines: { readonly session: readonly string[]; readonly media: readonly string[] }): LazyDescription {
    const body = [...lines.session, ...lines.media, ''].join('\r\n');
    if (this.#last !== undefined && body === this.#body) return this.#last;
    this.#version++;
    this.#body = body;
    const origin = `o=- ${this.#sessionId} ${this.#version} IN ${family(this.#address)} ${this.#address}`;
    this.#last = open(`v=0\r\n${origin}\r\ns=-\r\n${body}`);
    return this.#last;
  }
}
