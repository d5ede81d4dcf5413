import { type AppOptions, runApp, wholeNumber } from '@crosspoint/web-phone/node';
import { Option } from 'commander';
import type { FederationTransport } from './federation-way.ts';
import type { ProxyName } from './proxies.ts';
import { startTrapezoid, type Trapezoid } from './trapezoid.ts';

interface TrapezoidCommandOptions extends AppOptions {
  readonly sip: FederationTransport;
  readonly proxy: 'none' | ProxyName;
  readonly separate?: boolean;
  readonly sessionExpires: number;
}

let trapezoid: Trapezoid | undefined;

await runApp<TrapezoidCommandOptions>(
  {
    name: 'trapezoid',
    description:
      'Two web servers with their own users, federated by SIP; media goes from browser to browser.',
    extend: (command) =>
      command
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
      trapezoid = await startTrapezoid({
        web,
        transport: options.sip,
        proxy: options.proxy,
        separate: options.separate === true,
        sessionExpires: options.sessionExpires,
        noAnswerMs: options.ringTimeout,
        change,
      });
      const { a, b, proxies, close } = trapezoid;
      return {
        url: a.url,
        port: a.port,
        calleeUrl: b.url,
        calleeAddress: `{name}@${b.domain}`,
        facts: { sip: [a, b].map(({ domain, sipPort }) => ({ domain, port: sipPort })), proxies },
        words: () => [
          `Crosspoint trapezoid: open ${a.url}/ for the users of ${a.domain}, and ${b.url}/ for those of ${b.domain}.`,
          `From the first, call a name of the second as name@${b.domain}; the other way round, name@${a.domain}.`,
          `The servers speak SIP over ${options.sip.toUpperCase()}${options.proxy === 'none' ? '' : `, through a proxy on each side (${options.proxy})`}.`,
        ],
        close,
      };
    },
    lab: { counts: async () => trapezoid!.counts() },
  },
  process.argv.slice(2),
);
