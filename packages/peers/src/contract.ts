import { z } from 'zod';

/** The version of the contract between the lab and a peer: `docs/adding-a-peer.md`. */
export const PEER_CONTRACT = 1;

/** Capabilities of a peer that joins the web server; a phone may have them too. */
export const WEB_CAPABILITIES = [
  'call',
  'answer',
  'audio',
  'video',
  'data',
  'trickle',
  'early-candidates',
  'full-gathering',
  'relay',
  'ice-restart',
  'far-ice-restart',
  'decline',
  'one-call',
  'hold',
  'far-hold',
  'change-video',
  'far-change-video',
  'glare',
  'resume',
  'dtmf',
  'transfer',
  'far-transfer',
  'consult',
  'far-early-media',
  'make-offer',
  'transport:ws',
  'transport:http',
  'impair:silent-audio',
  'impair:frozen-video',
] as const;

/** Capabilities that a page has not. */
export const PHONE_CAPABILITIES = [
  'register',
  'far-dtmf',
  'replaces',
  'early-media',
  'late-offer',
  'impair:long-digits',
  'reliable',
  'refuse',
  'message-initiation',
  'transport:udp',
  'transport:tcp',
  'transport:tls',
  'media:ice-dtls',
  'media:rtp',
  'media:sdes',
] as const;

/** Capabilities that the contract knows; `codec:<name>` besides. */
export const CAPABILITIES = [...WEB_CAPABILITIES, ...PHONE_CAPABILITIES] as const;

export const manifestSchema = z.object({
  contract: z.literal(PEER_CONTRACT),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  name: z.string().min(1).max(80),
  version: z.string().max(120),
  /** What its endpoints attach to: a page of the web server, a SIP registrar, or an XMPP server. */
  joins: z.enum(['web', 'sip', 'jingle']),
  command: z.array(z.string()).min(1),
  capabilities: z.array(
    z
      .string()
      .refine((value) => (CAPABILITIES as readonly string[]).includes(value) || /^codec:\w+$/.test(value), {
        message: 'not a capability of the contract',
      }),
  ),
});
export type PeerManifest = z.infer<typeof manifestSchema>;
export type Joins = PeerManifest['joins'];

/** What `open` asks of an endpoint. */
export interface OpenOptions {
  readonly url: string;
  readonly transport: 'ws' | 'http';
  readonly name: string;
  /** The number of its audio pattern and picture code. */
  readonly pattern: number;
  readonly audio: boolean;
  readonly video: boolean;
  readonly data: boolean;
  readonly audioCodecs: readonly string[];
  readonly videoCodecs: readonly string[];
  readonly trickle: boolean;
  readonly relayOnly: boolean;
}

/** What `open-sip` asks of an endpoint of a SIP phone. */
export interface SipOpenOptions {
  /** Where it registers and sends its requests: `127.0.0.1:5060`; for `ws` an address such as `ws://127.0.0.1:5066`. */
  readonly server: string;
  readonly transport: 'udp' | 'tcp' | 'tls' | 'ws';
  /** The domain of its address of record, `sip:user@domain`. */
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  /** The address that its media binds to. */
  readonly mediaAddress: string;
  /** The number of its audio pattern. */
  readonly pattern: number;
  /** How its media goes: ICE with DTLS-SRTP, plain RTP, or SRTP keyed in the description (RFC 4568). */
  readonly media: 'ice-dtls' | 'rtp' | 'sdes';
  /** In order of preference, as `PCMU`, `opus`. */
  readonly audioCodecs: readonly string[];
  /** Who calls it is to hear it before it answers: `early-media`. */
  readonly earlyMedia?: boolean;
  /** Of video, where the phone has it; none: any. */
  readonly videoCodecs?: readonly string[];
  /** Whether it calls with a picture, where it can. */
  readonly video?: boolean;
  /** The web server's, for a phone that is a page of it. */
  readonly url?: string;
}

/** What `open-jingle` asks of an endpoint of a Jingle client. */
export interface JingleOpenOptions {
  /** Where it logs in: `127.0.0.1:5222`; for `ws` an address such as `ws://127.0.0.1:5280/xmpp-websocket` (RFC 7395). */
  readonly server: string;
  readonly transport: 'tcp' | 'ws';
  /** The domain of its address, `user@domain`. */
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  /** The authority of the server's certificate, in PEM, where that is none of the machine's. */
  readonly ca?: string;
  /** The resource that it binds, so that it can be called by its full address; its own without it. */
  readonly resource?: string;
  /** The address that its media binds to. */
  readonly mediaAddress: string;
  /** The number of its audio pattern and picture code. */
  readonly pattern: number;
  /** In order of preference, as `PCMU`, `opus`; none: any. */
  readonly audioCodecs: readonly string[];
  readonly videoCodecs: readonly string[];
  readonly audio: boolean;
  readonly video: boolean;
  readonly data: boolean;
  /** Candidates follow by transport-info as they are found (XEP-0176 section 5.4), or all stand in the description. */
  readonly trickle: boolean;
  /** The call is initiated at once, without the messages of XEP-0353: `to` is a full address then. */
  readonly direct?: boolean;
  /** The web server's, for a client that is a page of it. */
  readonly url?: string;
}

/** A seeded defect of the media: what a peer can be told to do wrong, `impair:` and this. */
export type Impairment = 'silent-audio' | 'frozen-video' | 'long-digits';

/** The commands of the contract, with their arguments. */
export interface PeerCommands {
  /** `url`: the web server's, for a peer that can only be asked once it has the server's page. */
  probe: { readonly feature: string; readonly url?: string };
  open: OpenOptions;
  /** For a peer that joins `sip`. Answers once it is registered; its refusal is an event `not-registered` with a status. */
  'open-sip': SipOpenOptions;
  /** For a peer that joins `jingle`. Answers once it is logged in and present; its refusal is an event `not-registered`. */
  'open-jingle': JingleOpenOptions;
  /** Sends the digits as telephone-events (RFC 4733). */
  dtmf: { readonly digits: string; readonly durationMs: number };
  /** Blind transfer of the call (RFC 5589). */
  transfer: { readonly to: string };
  /** Holds the call and calls somebody else: `consult`. */
  consult: { readonly to: string };
  /** Joins the one that is held with the one that was asked (attended transfer, RFC 5589 section 7): `consult`. */
  'connect-both': object;
  /** `offer`: `late` calls without one, so that the callee makes it (RFC 3261 section 13.2.1): `late-offer`. */
  call: { readonly to: string; readonly offer?: 'late' };
  accept: object;
  decline: object;
  busy: object;
  /** Refuses the call that rings with this status: `refuse`. */
  refuse: { readonly status: number };
  'hang-up': object;
  hear: { readonly ms: number };
  watch: { readonly ms: number };
  echo: { readonly count: number; readonly sizes: readonly number[] };
  hold: { readonly on: boolean };
  'add-video': object;
  'remove-video': object;
  'restart-ice': object;
  'cut-signaling': object;
  'restore-signaling': object;
  impair: { readonly what: Impairment; readonly on: boolean };
  stats: object;
  close: object;
}
export type PeerCommand = keyof PeerCommands;

/** What a peer heard: mono, 16 bits, little-endian, Base64. */
export const heardSchema = z.object({ sampleRate: z.number(), pcm: z.string(), startedAt: z.number() });
export type Heard = z.infer<typeof heardSchema>;

export const watchedSchema = z.object({
  frames: z.array(
    z.object({ id: z.number(), frame: z.number(), sentAtMs: z.number(), seenAtMs: z.number() }),
  ),
  pictures: z.number(),
});
export type Watched = z.infer<typeof watchedSchema>;

export const echoedSchema = z.object({
  sent: z.number(),
  returned: z.number(),
  inOrder: z.boolean(),
  corrupted: z.number(),
  largest: z.number(),
  roundTripMs: z.number().optional(),
});
export type Echoed = z.infer<typeof echoedSchema>;

const sideStats = z.object({
  codec: z.string().optional(),
  packets: z.number().optional(),
  lost: z.number().optional(),
});
const mediaStats = z.object({ sent: sideStats.optional(), received: sideStats.optional() });
export const statsSchema = z.object({
  transport: z
    .object({
      state: z.string().optional(),
      local: z.string().optional(),
      remote: z.string().optional(),
      protocol: z.string().optional(),
      roundTripMs: z.number().optional(),
    })
    .optional(),
  audio: mediaStats.optional(),
  video: mediaStats.optional(),
  raw: z.unknown().optional(),
});
export type PeerStats = z.infer<typeof statsSchema>;

export const peerEventSchema = z
  .object({
    event: z.string(),
    at: z.number().optional(),
    from: z.string().optional(),
    reason: z.object({ code: z.string(), text: z.string().optional() }).optional(),
    state: z.string().optional(),
    held: z.boolean().optional(),
    words: z.string().optional(),
  })
  .loose();
export type PeerEvent = z.infer<typeof peerEventSchema>;
