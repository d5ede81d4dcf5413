import type { OpenOptions, SipOpenOptions } from '@crosspoint/peers';
import { SIDES, type Side } from '../evidence.ts';
import type { AppServer, PhonePlace, Place } from './app-server.ts';
import { LabError } from './lab-error.ts';
import type { Player } from './player.ts';

/** The resource that every Jingle client binds. */
const RESOURCE = 'client';

/** What has to be known of a topology's app to join it. */
export type OpeningApp = Pick<AppServer, 'place' | 'phone' | 'client'>;

/** What a scenario wants otherwise than usual, of a page or of a phone. */
export type OpenMore = Partial<OpenOptions> & Partial<Pick<SipOpenOptions, 'password' | 'earlyMedia'>>;

/** Lets a player join as its kind does: by a page, at a registrar, at an XMPP server. */
export function openPlayer(
  player: Player,
  app: OpeningApp,
  transport: 'ws' | 'http',
  more: OpenMore,
): Promise<unknown> {
  if (player.joins === 'sip') return openPhone(player, app, more);
  if (player.joins === 'jingle') return openClient(player, app, more);
  const { password: _, earlyMedia: __, ...web } = more;
  const can = (capability: string): boolean => player.capabilities.has(capability);
  return player.endpoint.ask('open', {
    url: app.place.url[player.side],
    transport,
    name: player.name,
    pattern: player.pattern,
    audioCodecs: [],
    videoCodecs: [],
    // A phone is offered everything at once: who keeps its candidates until the answer must not trickle to it.
    trickle: app.place.phones === undefined || can('early-candidates'),
    relayOnly: false,
    ...web,
    audio: (more.audio ?? true) && can('audio'),
    video: (more.video ?? true) && can('video'),
    data: (more.data ?? true) && can('data'),
  });
}

/** Where phones register. @throws LabError in a topology of pages alone */
export function registrarOf({ phones }: Place): PhonePlace {
  if (phones === undefined) throw new LabError('broken', 'this topology has no registrar for phones');
  return phones;
}

/** A phone registers under its own name; its media goes as browsers' does, where it can. */
async function openPhone(player: Player, app: OpeningApp, more: OpenMore): Promise<unknown> {
  const phones = registrarOf(app.place);
  const { capabilities } = player;
  const transport =
    (['udp', 'tcp', 'ws'] as const).find((each) => capabilities.has(`transport:${each}`)) ?? 'udp';
  return player.endpoint.ask('open-sip', {
    server: transport === 'ws' ? (phones.ws ?? '') : phones.server,
    transport,
    domain: phones.domain,
    user: player.name,
    password: more.password ?? (await app.phone(player.name)),
    mediaAddress: phones.mediaAddress,
    pattern: player.pattern,
    media: capabilities.has('media:ice-dtls') ? 'ice-dtls' : 'rtp',
    audioCodecs: more.audioCodecs ?? [],
    ...(more.earlyMedia === true && capabilities.has('early-media') ? { earlyMedia: true } : {}),
    videoCodecs: more.videoCodecs ?? [],
    video: (more.video ?? true) && capabilities.has('video'),
    url: app.place.url[player.side],
  });
}

/** A Jingle client logs in under its own name. */
async function openClient(player: Player, app: OpeningApp, more: OpenMore): Promise<unknown> {
  const { clients } = app.place;
  if (clients === undefined) throw new LabError('broken', 'this topology has no server for Jingle clients');
  const can = (capability: string): boolean => player.capabilities.has(capability);
  const transport = can('transport:tcp') ? 'tcp' : 'ws';
  return player.endpoint.ask('open-jingle', {
    server: transport === 'ws' ? clients.ws : clients.server,
    transport,
    domain: clients.domain,
    ca: clients.ca,
    user: player.name,
    password: more.password ?? (await app.client(player.name)),
    resource: RESOURCE,
    mediaAddress: clients.mediaAddress,
    pattern: player.pattern,
    audioCodecs: more.audioCodecs ?? [],
    videoCodecs: more.videoCodecs ?? [],
    audio: (more.audio ?? true) && can('audio'),
    video: (more.video ?? true) && can('video'),
    data: (more.data ?? true) && can('data'),
    trickle: more.trickle ?? true,
    ...(can('message-initiation') ? {} : { direct: true }),
    url: app.place.url[player.side],
  });
}

/** How a user of the callee's side is called. */
export function addressOf(name: string, place: Place, players: Readonly<Record<Side, Player>>): string {
  const { clients, address } = place;
  // Who does not propose calls by message calls one device, and is called so (XEP-0353 section 1).
  const whole = SIDES.some(
    (side) => players[side].joins === 'jingle' && !players[side].capabilities.has('message-initiation'),
  );
  if (clients !== undefined && players.callee.joins === 'jingle')
    return `${name}@${clients.domain}${whole ? `/${RESOURCE}` : ''}`;
  if (clients !== undefined && players.caller.joins === 'jingle')
    return `${name}@${clients.pages}${whole ? `/${clients.pageResource}` : ''}`;
  return address(name);
}
