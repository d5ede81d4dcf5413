import type { IceServer, Tap } from '@crosspoint/signaling';
import { openTraceDoor, type PageAccounts } from '@crosspoint/web-phone/node';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CallMembers } from './call-members.ts';

/** Where the page that speaks SIP itself is served, and what it asks for below. */
export const SIP_PAGE_PATH = '/sip-ws/';

const wishSchema = z.object({
  name: z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/),
  password: z.string().max(64).optional(),
});

export interface PageDoorOptions {
  /** Undefined as long as the registrar is not up. */
  readonly accounts: () => PageAccounts | undefined;
  readonly registrar: () => { readonly ws: string; readonly domain: string };
  readonly iceServers: (user: string) => readonly IceServer[];
}

/** What a page that is a SIP user agent asks of its web server: an account at the registrar, and the registrar's trace. */
export function openPageDoor(app: FastifyInstance, options: PageDoorOptions): Tap {
  const members = new CallMembers();
  const { accounts, registrar, iceServers } = options;

  app.post(`${SIP_PAGE_PATH}account`, async (request, reply) => {
    const wish = wishSchema.safeParse(request.body);
    if (!wish.success) return reply.code(400).send({ error: 'a name has letters, digits, dots and dashes' });
    const { name, password } = wish.data;
    const issued = await accounts()?.issue(name, password);
    if (issued === undefined) return reply.code(503).send({ error: 'there is no registrar yet' });
    if ('error' in issued) return reply.code(409).send(issued);
    const { ws, domain } = registrar();
    return { server: ws, domain, user: name, password: issued.password, iceServers: iceServers(name) };
  });

  const door = openTraceDoor(app, `${SIP_PAGE_PATH}trace`, (authorization) => {
    const bearer = /^Bearer ([^:\s]{1,64}):(\S{1,64})$/.exec(authorization);
    const user = bearer?.[1];
    if (user === undefined || accounts()?.admits(user, bearer![2]!) !== true) return undefined;
    return ({ call }) => members.has(call, user);
  });
  return (entry) => {
    members.note(entry);
    door.add(entry);
  };
}
