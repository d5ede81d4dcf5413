import {
  type AppOptions,
  type AppStart,
  type RunningApp,
  runApp,
  wholeNumber,
} from '@crosspoint/web-phone/node';
import { Option } from 'commander';
import type { FederationTransport } from './federation-way.ts';
import { startJingleTrapezoid } from './jingle-trapezoid.ts';
import type { ProxyName } from './proxies.ts';
import { startTrapezoid } from './trapezoid.ts';

interface TrapezoidCommandOptions extends AppOptions {
  readonly federation: 'sip' | 'jingle';
  readonly sip: FederationTransport;
  readonly proxy: 'none' | ProxyName;
  readonly separate?: boolean;
  readonly sessionExpires: number;
}

let counts: (() => Promise<object>) | undefined;

/** @throws Error for options that only SIP has */
async function startByJingle(
  { sip, proxy, separate, ringTimeout }: TrapezoidCommandOptions,
  { web, change }: Pick<AppStart<AppOptions>, 'web' | 'change'>,
): Promise<RunningApp> {
  if (sip !== 'tls' || proxy !== 'none' || separate === true)
    throw new Error('--federation jingle: not with --sip, --proxy or --separate, which are of SIP');
  const { a, b, close, counts: now } = await startJingleTrapezoid({ web, noAnswerMs: ringTimeout, change });
  counts = async () => now();
  return {
    url: a.url,
    port: a.port,
    calleeUrl: b.url,
    calleeAddress: `{name}@${b.domain}`,
    facts: { xmpp: [a, b].map(({ domain, xmppPort }) => ({ domain, port: xmppPort })) },
    words: () => [
      ...howToCall(a, b),
      'Each server has an XMPP server built in; the two federate with TLS and speak Jingle.',
    ],
    close,
  };
}

type Place = { readonly url: string; readonly domain: string };

function howToCall(a: Place, b: Place): string[] {
  return [
    `Crosspoint trapezoid: open ${a.url}/ for the users of ${a.domain}, and ${b.url}/ for those of ${b.domain}.`,
    `From the first, call a name of the second as name@${b.domain}; the other way round, name@${a.domain}.`,
  ];
}

await runApp<TrapezoidCommandOptions>(
  {
    name: 'trapezoid',
    description:
      'Two web servers with their own users, federated by SIP or by Jingle; media goes from browser to browser.',
    extend: (command) =>
      command
        .addOption(
          new Option('--federation <protocol>', 'what the two servers speak to each other')
            .choices(['sip', 'jingle'])
            .default('sip'),
        )
        .addOption(
          new Option('--sip <transport>', 'how the two servers speak SIP')
            .choices(['tls', 'tcp', 'udp'])
            .default('tls'),
        )
        .addOption(
          new Option('--proxy <proxy>', 'a SIP proxy before each of the two servers')
            .choices(['none', 'embedded', 'kamailio'])
            .default('none'),
        )
        .option('--separate', 'web server B in a process of its own, which is started again where it dies')
        .option(
          '--session-expires <s>',
          'seconds after which a call that is not refreshed is over; below 90 only in a lab',
          wholeNumber,
          1800,
        ),
    async start({ options, web, change }) {
      if (options.federation === 'jingle') return startByJingle(options, { web, change });
      const trapezoid = await startTrapezoid({
        web,
        transport: options.sip,
        proxy: options.proxy,
        separate: options.separate === true,
        sessionExpires: options.sessionExpires,
        noAnswerMs: options.ringTimeout,
        change,
      });
      const { a, b, proxies, close } = trapezoid;
      counts = () => trapezoid.counts();
      return {
        url: a.url,
        port: a.port,
        calleeUrl: b.url,
        calleeAddress: `{name}@${b.domain}`,
        facts: { sip: [a, b].map(({ domain, sipPort }) => ({ domain, port: sipPort })), proxies },
        words: () => [
          ...howToCall(a, b),
          `The servers speak SIP over ${options.sip.toUpperCase()}${options.proxy === 'none' ? '' : `, through a proxy on each side (${options.proxy})`}.`,
        ],
        close,
      };
    },
    lab: { counts: () => counts!() },
  },
  process.argv.slice(2),
);
