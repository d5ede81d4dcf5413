import {
  plainName,
  plainSecret,
  type XmppServerOptions,
  type XmppServerPorts,
} from '../xmpp-server/server-options.ts';

/** ejabberd's configuration. YAML is a superset of JSON, and JSON is what can be written without mistakes. */
export function writeEjabberdConfig(
  options: XmppServerOptions,
  ports: XmppServerPorts,
  home: string,
): string {
  const { address, tls, turn } = options;
  const components = Object.entries(options.components ?? {}).map(([name, secret]) => [
    plainName(name),
    { password: plainSecret(secret) },
  ]);
  const service = {
    port: ports.component,
    ip: address,
    module: 'ejabberd_service',
    hosts: Object.fromEntries(components),
  };
  const turnServices =
    turn === undefined ? [] : [{ host: turn.host, port: turn.port, type: 'turn', transport: 'udp' }];
  return JSON.stringify(
    {
      loglevel: 'info',
      log_rotate_count: 0,
      hosts: [plainName(options.domain)],
      certfiles: [`${home}/both.pem`],
      ...(tls.ca === undefined ? {} : { ca_file: `${home}/ca.pem` }),
      listen: [
        { port: ports.client, ip: address, module: 'ejabberd_c2s', max_stanza_size: 262_144, starttls: true },
        { port: ports.server, ip: address, module: 'ejabberd_s2s_in', max_stanza_size: 524_288 },
        ...(components.length === 0 ? [] : [service]),
        {
          port: ports.http,
          ip: address,
          module: 'ejabberd_http',
          request_handlers: { '/api': 'mod_http_api', '/ws': 'ejabberd_http_ws' },
        },
      ],
      s2s_use_starttls: 'required',
      s2s_dns_timeout: 2,
      s2s_dns_retries: 1,
      outgoing_s2s_families: ['ipv4'],
      auth_password_format: 'plain',
      acl: { lab: { ip: `${address}/32` } },
      access_rules: { c2s: { allow: 'all' }, lab_network: { allow: 'lab' } },
      api_permissions: { lab: { who: { ip: `${address}/32` }, what: '*' } },
      modules: {
        mod_admin_extra: {},
        mod_blocking: {},
        mod_caps: {},
        mod_carboncopy: {},
        mod_disco: {},
        mod_ping: {},
        mod_privacy: {},
        mod_pubsub: { plugins: ['flat', 'pep'] },
        mod_roster: {},
        mod_s2s_dialback: {},
        mod_stream_mgmt: {},
        ...(turn === undefined
          ? {}
          : { mod_stun_disco: { secret: plainSecret(turn.secret), services: turnServices } }),
      },
    },
    undefined,
    2,
  );
}

/** What Erlang's resolver is told: ask this port and nobody else. */
export function writeInetrc(address: string, namesPort: number): string {
  const nameserver = address.split('.').map(Number).join(',');
  return [
    '{lookup,["file","dns"]}.',
    'clear_ns.',
    '{resolv_conf,""}.',
    `{nameserver,{${nameserver}},${namesPort}}.`,
    '{host,{127,0,0,1},["localhost"]}.',
    '',
  ].join('\n');
}
