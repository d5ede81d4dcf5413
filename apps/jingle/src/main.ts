import { type AppOptions, PARTNERS, runApp } from '@crosspoint/web-phone/node';
import { Option } from 'commander';
import { CLIENT_PARTNERS, PARTNER_RESOURCE, startClient } from './client-partner.ts';
import { type JingleTopology, startJingle } from './jingle.ts';
import { PAGE_RESOURCE } from './jingle-gateway.ts';
import { OTHER_SERVERS, type OtherServerName } from './other-server.ts';

interface JingleCommandOptions extends AppOptions {
  readonly server: OtherServerName;
}

let topology: JingleTopology | undefined;

await runApp<JingleCommandOptions>(
  {
    name: 'jingle',
    description:
      'A browser calls XMPP addresses by Jingle and is called from there, through a web server with an XMPP server built in.',
    partners: [...PARTNERS, ...CLIENT_PARTNERS],
    extend: (command) =>
      command.addOption(
        new Option('--server <server>', 'the XMPP server of the Jingle clients')
          .choices([...OTHER_SERVERS])
          .default('embedded'),
      ),
    async start({ options, web, change }) {
      const running = await startJingle({
        web,
        server: options.server,
        noAnswerMs: options.ringTimeout,
        change,
      });
      topology = running;
      const { other, domain, otherDomain, mediaAddress } = running;
      const password = await running.addClient('client');
      return {
        url: running.web.url,
        port: running.web.port,
        ...(options.callee !== undefined && CLIENT_PARTNERS.includes(options.callee)
          ? { calleeAddress: `{name}@${otherDomain}/${PARTNER_RESOURCE}` }
          : {}),
        facts: {
          clients: {
            server: other.tcp,
            ws: other.ws,
            domain: otherDomain,
            pages: domain,
            pageResource: PAGE_RESOURCE,
            mediaAddress,
            ca: running.ca,
          },
        },
        words: (url) => [
          `Crosspoint jingle: open ${url}, give a name, and call an address such as client@${otherDomain}.`,
          `Your own XMPP client logs in here: server ${other.tcp}, address client@${otherDomain}, password ${password}.`,
          `It calls you as <your name>@${domain}.`,
        ],
        close: () => running.close(),
      };
    },
    startPartner: async (name) => (CLIENT_PARTNERS.includes(name) ? startClient(name, topology!) : undefined),
    lab: {
      counts: async () => topology!.counts(),
      client: async (name) => ({ password: await topology!.addClient(name) }),
    },
  },
  process.argv.slice(2),
);
