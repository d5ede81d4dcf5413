import { type AppOptions, runApp } from '@crosspoint/web-phone/node';
import { Option } from 'commander';
import type { FederationTransport } from './federation-way.ts';
import type { ProxyName } from './proxies.ts';
import { startTrapezoid } from './trapezoid.ts';

interface TrapezoidCommandOptions extends AppOptions {
  readonly sip: FederationTransport;
  readonly proxy: 'none' | ProxyName;
}

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
        ),
    async start({ options, web, change }) {
      const { a, b, proxies, close } = await startTrapezoid({
        web,
        transport: options.sip,
        proxy: options.proxy,
        noAnswerMs: options.ringTimeout,
        change,
      });
      return {
        url: a.web.url,
        port: a.web.port,
        calleeUrl: b.web.url,
        calleeAddress: `{name}@${b.domain}`,
        facts: { sip: [a, b].map(({ domain, sip }) => ({ domain, port: sip.port })), proxies },
        words: () => [
          `Crosspoint trapezoid: open ${a.web.url}/ for the users of ${a.domain}, and ${b.web.url}/ for those of ${b.domain}.`,
          `From the first, call a name of the second as name@${b.domain}; the other way round, name@${a.domain}.`,
          `The servers speak SIP over ${options.sip.toUpperCase()}${options.proxy === 'none' ? '' : `, through a proxy on each side (${options.proxy})`}.`,
        ],
        close,
      };
    },
  },
  process.argv.slice(2),
);
