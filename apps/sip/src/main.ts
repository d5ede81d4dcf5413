import { type AppOptions, PARTNERS, port, runApp, wholeNumber } from '@crosspoint/web-phone/node';
import { Option } from 'commander';
import type { RelayName } from './media-relay.ts';
import { PHONE_PARTNERS, startPhone } from './phone-partner.ts';
import { type SipTopology, startSip } from './sip.ts';

interface SipCommandOptions extends AppOptions {
  readonly signaling: 'web' | 'sip-ws';
  readonly registrar: 'embedded' | 'kamailio';
  readonly sipPort: number;
  readonly media: 'auto' | 'direct' | 'relay';
  readonly relay: RelayName;
  readonly transcode?: string[];
  readonly sessionExpires: number;
  readonly mediaTimeout: number;
}

let topology: SipTopology | undefined;

/** A page that speaks SIP itself has no server in its path that could do these. @throws Error with what is refused */
function refuseWithSipPage({ lan, transport, defect, callee }: SipCommandOptions): void {
  if (lan === true)
    throw new Error('--signaling sip-ws: not with --lan, the registrar has no secure WebSocket');
  if (transport === 'http')
    throw new Error('--signaling sip-ws: not with --transport http, SIP needs a WebSocket');
  if (defect !== undefined)
    throw new Error('--signaling sip-ws: not with --defect, no server of ours changes what passes');
  if (callee !== undefined && !PHONE_PARTNERS.includes(callee))
    throw new Error(
      `--signaling sip-ws: ${callee} speaks the web protocol; ${PHONE_PARTNERS.join(', ')} do not`,
    );
}

await runApp<SipCommandOptions>(
  {
    name: 'sip',
    description: 'A browser calls SIP phones and is called by them, through a web server with a SIP gateway.',
    partners: [...PARTNERS, ...PHONE_PARTNERS],
    extend: (command) =>
      command
        .addOption(
          new Option('--signaling <signaling>', 'what the page speaks: the web protocol, or SIP itself')
            .choices(['web', 'sip-ws'])
            .default('web'),
        )
        .addOption(
          new Option('--registrar <registrar>', 'where phones register')
            .choices(['embedded', 'kamailio'])
            .default('embedded'),
        )
        .option('--sip-port <port>', "the registrar's port; 0 takes a free one", port, 0)
        .addOption(
          new Option(
            '--media <way>',
            'how media goes: directly where the phone can, always so, or always through the relay',
          )
            .choices(['auto', 'direct', 'relay'])
            .default('auto'),
        )
        .addOption(
          new Option('--relay <relay>', 'the relay for phones without ICE and DTLS-SRTP')
            .choices(['embedded', 'rtpengine', 'none'])
            .default('embedded'),
        )
        .option(
          '--transcode <codec...>',
          'codecs that the relay may change into (rtpengine only), such as PCMU',
        )
        .option(
          '--session-expires <s>',
          'seconds after which a call that is not refreshed is over; below 90 only in a lab',
          wholeNumber,
          1800,
        )
        .option(
          '--media-timeout <s>',
          'seconds that a side may send nothing through the relay before its call is given up',
          wholeNumber,
          30,
        ),
    async start({ options, web, change }) {
      if (options.signaling === 'sip-ws') refuseWithSipPage(options);
      const running = await startSip({
        web,
        signaling: options.signaling,
        registrar: options.registrar,
        sipPort: options.sipPort,
        sipHost: '127.0.0.1',
        relay: options.relay,
        media: options.media,
        ...(options.transcode === undefined ? {} : { transcodeTo: options.transcode }),
        sessionExpires: options.sessionExpires,
        mediaTimeoutMs: 1000 * options.mediaTimeout,
        noAnswerMs: options.ringTimeout,
        change,
        onMedia: (call, choice) =>
          process.stderr.write(
            `call ${call}: media ${choice.way}${choice.relay === undefined ? '' : ` (${choice.relay})`}: ${choice.why}\n`,
          ),
      });
      topology = running;
      const { registrar, domain, mediaAddress } = running;
      const password = await running.addPhone('phone');
      return {
        url: running.web.url,
        port: running.web.port,
        facts: {
          phones: { server: registrar.server, ws: registrar.ws, domain, mediaAddress },
          ...(running.gateway === undefined ? {} : { gateway: running.gateway }),
        },
        words: (url) => [
          `Crosspoint sip: open ${url}, give a name, and call a phone by its name.`,
          ...(options.signaling === 'sip-ws'
            ? [`The page is itself a SIP phone: it registers at ${registrar.ws}.`]
            : []),
          `Your own softphone registers here: server ${registrar.server} (UDP or TCP), domain ${domain}, user phone, password ${password}.`,
          `It calls you as sip:<your name>@${domain}; you call it as phone.`,
        ],
        close: () => running.close(),
      };
    },
    startPartner: async (name) => (PHONE_PARTNERS.includes(name) ? startPhone(name, topology!) : undefined),
    hasRegistrar: ({ registrar }) => registrar === 'embedded',
    lab: {
      counts: async () => topology!.counts(),
      phone: async (name) => ({ password: await topology!.addPhone(name) }),
      refresh: (call) => topology!.refresh(call),
    },
  },
  process.argv.slice(2),
);
