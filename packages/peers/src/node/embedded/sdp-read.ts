/*
 * The embedded peer's own reading of SDP: as much as an end that speaks G.711 over one bundled transport needs. It
 * shares nothing with @crosspoint/sdp, which is under test when this peer calls.
 */

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Why a description cannot be used; the call or the change is refused with it. */
export class Unacceptable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unacceptable';
  }
}

export interface RemoteCodec {
  readonly payloadType: number;
  readonly name: string;
  readonly clockRate: number;
}

/** What one m-section says of its transport. */
export interface RemoteTransport {
  readonly ufrag: string;
  readonly password: string;
  /** `sha-256 AB:CD...` */
  readonly fingerprint: string;
  readonly setup: 'active' | 'passive' | 'actpass' | 'holdconn';
}

export interface RemoteSection {
  /** `audio`, `video`, `application`, ... */
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly mid: string | undefined;
  readonly bundleOnly: boolean;
  readonly direction: Direction;
  readonly codecs: readonly RemoteCodec[];
  readonly candidates: readonly string[];
  readonly transport: RemoteTransport | undefined;
}

export interface RemoteDescription {
  readonly sections: readonly RemoteSection[];
  /** Each BUNDLE group's mids (RFC 9143). */
  readonly bundles: readonly (readonly string[])[];
}

const STATIC: Readonly<Record<string, RemoteCodec>> = {
  '0': { payloadType: 0, name: 'PCMU', clockRate: 8000 },
  '8': { payloadType: 8, name: 'PCMA', clockRate: 8000 },
};
const DIRECTIONS: readonly string[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const SETUPS: readonly string[] = ['active', 'passive', 'actpass', 'holdconn'];

/**
 * Reads a description of the far side.
 * @throws Unacceptable where it is no SDP
 */
export function readRemote(sdp: string): RemoteDescription {
  const lines = sdp.split(/\r\n|\n|\r/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw new Unacceptable('a description that does not begin with v=0');
  const starts = lines.flatMap((line, at) => (line.startsWith('m=') ? [at] : []));
  if (starts.length === 0) throw new Unacceptable('a description without media');
  const session = lines.slice(0, starts[0]);
  return {
    bundles: attributes(session, 'group')
      .filter((value) => value.startsWith('BUNDLE'))
      .map((value) => value.split(' ').slice(1)),
    sections: starts.map((from, index) => readSection(lines.slice(from, starts[index + 1]), session)),
  };
}

function readSection(lines: readonly string[], session: readonly string[]): RemoteSection {
  const [kind = '', port = '', protocol = '', ...formats] = lines[0]!.slice(2).split(' ');
  if (!/^\d{1,5}(\/\d+)?$/.test(port) || formats.length === 0) {
    throw new Unacceptable(`a media line that cannot be read: ${lines[0]!.slice(0, 80)}`);
  }
  const flag = (names: readonly string[]): string | undefined =>
    [...lines, ...session]
      .filter((line) => line.startsWith('a='))
      .map((line) => line.slice(2))
      .find((name) => names.includes(name));
  return {
    kind,
    port: Number.parseInt(port, 10),
    protocol,
    formats,
    mid: attributes(lines, 'mid')[0],
    bundleOnly: lines.includes('a=bundle-only'),
    direction: (flag(DIRECTIONS) ?? 'sendrecv') as Direction,
    codecs: readCodecs(lines, formats),
    candidates: attributes(lines, 'candidate').map((value) => `candidate:${value}`),
    transport: readTransport(lines, session),
  };
}

function readCodecs(lines: readonly string[], formats: readonly string[]): RemoteCodec[] {
  const mapped = new Map<string, RemoteCodec>();
  for (const value of attributes(lines, 'rtpmap')) {
    const map = /^(\d{1,3}) ([^/\s]+)\/(\d+)/.exec(value);
    if (map !== null) {
      mapped.set(map[1]!, { payloadType: Number(map[1]), name: map[2]!, clockRate: Number(map[3]) });
    }
  }
  // A static payload type needs no rtpmap (RFC 3551 section 6).
  return formats.flatMap((format) => mapped.get(format) ?? STATIC[format] ?? []);
}

function readTransport(lines: readonly string[], session: readonly string[]): RemoteTransport | undefined {
  const first = (name: string): string | undefined =>
    attributes(lines, name)[0] ?? attributes(session, name)[0];
  const own = attributes(lines, 'fingerprint');
  const prints = own.length > 0 ? own : attributes(session, 'fingerprint');
  const fingerprint = prints.find((value) => /^sha-256 /i.test(value)) ?? prints[0];
  const ufrag = first('ice-ufrag');
  const password = first('ice-pwd');
  const setup = first('setup') ?? 'actpass';
  if (ufrag === undefined || password === undefined || fingerprint === undefined) return undefined;
  if (!SETUPS.includes(setup)) throw new Unacceptable(`a=setup:${setup} is none of RFC 4145`);
  return { ufrag, password, fingerprint, setup: setup as RemoteTransport['setup'] };
}

function attributes(lines: readonly string[], name: string): string[] {
  const start = `a=${name}:`;
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length).trim());
}

/** Whether the section is there at all: port 0 refuses it, unless it lives in its bundle alone. */
export function isOffered(section: RemoteSection): boolean {
  return section.port !== 0 || section.bundleOnly;
}
