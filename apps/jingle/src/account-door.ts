import type { IceServer } from '@crosspoint/signaling';
import type { PageAccounts } from '@crosspoint/web-phone/node';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

const wishSchema = z.object({
  name: z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/),
  password: z.string().max(64).optional(),
});

export interface AccountDoorOptions {
  /** Where the page that is an XMPP client is served: `/stanza/`. */
  readonly path: string;
  readonly accounts: () => PageAccounts | undefined;
  readonly server: () => { readonly ws: string; readonly domain: string };
  readonly iceServers: (user: string) => readonly IceServer[];
}

/** What a page that is itself an XMPP client asks of its web server: an account at the other server. */
export function openAccountDoor(app: FastifyInstance, options: AccountDoorOptions): void {
  const { path, accounts, server, iceServers } = options;
  app.post(`${path}account`, async (request, reply) => {
    const wish = wishSchema.safeParse(request.body);
    if (!wish.success) return reply.code(400).send({ error: 'a name has letters, digits, dots and dashes' });
    const { name, password } = wish.data;
    const issued = await accounts()?.issue(name, password);
    if (issued === undefined) return reply.code(503).send({ error: 'the server is not up yet' });
    if ('error' in issued) return reply.code(409).send(issued);
    const { ws, domain } = server();
    return { server: ws, domain, user: name, password: issued.password, iceServers: iceServers(name) };
  });
}
