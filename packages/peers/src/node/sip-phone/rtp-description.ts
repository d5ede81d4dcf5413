/** A G.711 codec with its payload type. */
export interface G711 {
  readonly name: 'PCMU' | 'PCMA';
  readonly payloadType: number;
}

/** What two sides of plain RTP have agreed on. */
export interface RtpAgreement {
  /** Where the far side takes its sound. */
  readonly address: string;
  readonly port: number;
  /** What is sent. */
  readonly codec: G711;
  /** What the payload types of what comes mean. */
  readonly codecs: ReadonlyMap<number, G711['name']>;
  /** The payload type of telephone-events in both directions. */
  readonly eventType: number | undefined;
  /** Whether it may send, and whether the far side will. */
  readonly sends: boolean;
  readonly receives: boolean;
}

export interface OwnRtp {
  readonly address: string;
  readonly port: number;
  /** In order of preference. */
  readonly codecs: readonly G711['name'][];
  readonly direction: 'sendrecv' | 'sendonly';
}

const STATIC: Readonly<Record<G711['name'], number>> = { PCMU: 0, PCMA: 8 };
const OWN_EVENT_TYPE = 101;

interface FarAudio {
  readonly address: string;
  readonly port: number;
  readonly types: readonly number[];
  readonly names: ReadonlyMap<number, string>;
  readonly direction: string;
}

/** A session description (RFC 8866) that offers what one has. */
export function writeRtpOffer(own: OwnRtp, version: number): string {
  const codecs = own.codecs.map((name) => ({ name, payloadType: STATIC[name] }));
  return description(own, version, codecs, OWN_EVENT_TYPE, own.direction);
}

/** The answer to an offer of plain RTP, and what is then agreed; `undefined` where there is nothing in common. */
export function answerRtp(
  offer: string,
  own: OwnRtp,
  version: number,
): { readonly answer: string; readonly agreed: RtpAgreement } | undefined {
  const far = readAudio(offer);
  if (far === undefined) return undefined;
  const codec = chosen(far, own);
  if (codec === undefined) return undefined;
  const eventType = eventTypeOf(far);
  const mayBe =
    { sendrecv: own.direction, sendonly: 'recvonly', recvonly: 'sendonly' }[far.direction] ?? 'inactive';
  const direction = own.direction === 'sendonly' && far.direction === 'sendonly' ? 'inactive' : mayBe;
  return {
    answer: description(own, version, [codec], eventType, direction),
    agreed: agreement(
      far,
      codec,
      eventType,
      direction.startsWith('send'),
      direction.endsWith('recv') || direction === 'recvonly',
    ),
  };
}

/** What the answer to one's own offer agrees to; `undefined` where it takes nothing of it. */
export function agreedByAnswer(answer: string, own: OwnRtp): RtpAgreement | undefined {
  const far = readAudio(answer);
  if (far === undefined) return undefined;
  const codec = chosen(far, own);
  if (codec === undefined) return undefined;
  const farReceives = far.direction === 'sendrecv' || far.direction === 'recvonly';
  const farSends =
    own.direction === 'sendrecv' && (far.direction === 'sendrecv' || far.direction === 'sendonly');
  return agreement(far, codec, eventTypeOf(far), farReceives, farSends);
}

/** Whether a description holds its reader: it will not be listened to. */
export function holdsReader(text: string): boolean {
  const direction = readAudio(text)?.direction;
  return direction === 'sendonly' || direction === 'inactive';
}

function agreement(
  far: FarAudio,
  codec: G711,
  eventType: number | undefined,
  sends: boolean,
  receives: boolean,
): RtpAgreement {
  const codecs = new Map(
    far.types.flatMap((type) => {
      const name = codecName(far, type);
      return name === undefined ? [] : [[type, name] as const];
    }),
  );
  return { address: far.address, port: far.port, codec, codecs, eventType, sends, receives };
}

function readAudio(text: string): FarAudio | undefined {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith('m='));
  const session = lines.slice(0, Math.max(0, start));
  const first = lines.findIndex((line) => line.startsWith('m=audio '));
  if (first < 0) return undefined;
  const after = lines.slice(first + 1).findIndex((line) => line.startsWith('m='));
  const media = lines.slice(first, after < 0 ? lines.length : first + 1 + after);
  const [, port, protocol, ...types] = (media[0] ?? '').split(' ');
  if (!/^RTP\/AVPF?$/.test(protocol ?? '') || Number(port) === 0) return undefined;
  const connection = [...media, ...session].find((line) => line.startsWith('c=IN IP4 '));
  const direction = [...media, ...session]
    .map((line) => /^a=(sendrecv|sendonly|recvonly|inactive)$/.exec(line)?.[1])
    .find((found) => found !== undefined);
  const names = new Map(
    media.flatMap((line) => {
      const found = /^a=rtpmap:(\d+) ([^/]+)\/8000/.exec(line);
      return found === null ? [] : [[Number(found[1]), found[2]!] as const];
    }),
  );
  if (connection === undefined) return undefined;
  const address = connection.slice('c=IN IP4 '.length).split('/')[0]!;
  return { address, port: Number(port), types: types.map(Number), names, direction: direction ?? 'sendrecv' };
}

function codecName(far: FarAudio, type: number): G711['name'] | undefined {
  const name = far.names.get(type)?.toUpperCase() ?? { 0: 'PCMU', 8: 'PCMA' }[type];
  return name === 'PCMU' || name === 'PCMA' ? name : undefined;
}

function chosen(far: FarAudio, own: OwnRtp): G711 | undefined {
  for (const payloadType of far.types) {
    const name = codecName(far, payloadType);
    if (name !== undefined && own.codecs.includes(name)) return { name, payloadType };
  }
  return undefined;
}

/** An answer must use the payload type that was offered, or the digits are lost with many phones. */
function eventTypeOf(far: FarAudio): number | undefined {
  return far.types.find((type) => far.names.get(type)?.toLowerCase() === 'telephone-event');
}

function description(
  own: OwnRtp,
  version: number,
  codecs: readonly G711[],
  eventType: number | undefined,
  direction: string,
): string {
  const types = [
    ...codecs.map(({ payloadType }) => payloadType),
    ...(eventType === undefined ? [] : [eventType]),
  ];
  return [
    'v=0',
    `o=sipp ${own.port} ${version} IN IP4 ${own.address}`,
    's=-',
    `c=IN IP4 ${own.address}`,
    't=0 0',
    `m=audio ${own.port} RTP/AVP ${types.join(' ')}`,
    ...codecs.map(({ name, payloadType }) => `a=rtpmap:${payloadType} ${name}/8000`),
    ...(eventType === undefined
      ? []
      : [`a=rtpmap:${eventType} telephone-event/8000`, `a=fmtp:${eventType} 0-15`]),
    'a=ptime:20',
    `a=${direction}`,
    '',
  ].join('\r\n');
}
