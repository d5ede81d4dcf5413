import {
  plainName,
  plainSecret,
  type XmppServerOptions,
  type XmppServerPorts,
} from '../xmpp-server/server-options.ts';

/** Ways to other servers without DNS: Prosody's own resolver does not read /etc/hosts. */
export const ROUTES_MODULE = `module:set_global();
local service = require "net.resolvers.service";
local manual = require "net.resolvers.manual";
local routes = module:get_option("crosspoint_routes", {});
local original = service.new;
service.new = function (host, name, kind, extra)
  local route = routes[host];
  if not route then return original(host, name, kind, extra); end
  if name ~= "xmpp-server" then return manual.new({}, kind, extra); end
  return manual.new({ { kind.."4", route[1], route[2], extra } }, kind, extra);
end
function module.unload() service.new = original; end
`;

const MODULES = [
  ...[
    'roster',
    'saslauth',
    'tls',
    'dialback',
    'disco',
    'posix',
    'ping',
    'presence',
    'message',
    'iq',
    'carbons',
  ],
  ...['pep', 'vcard4', 'blocklist', 'smacks', 'http', 'websocket', 'external_services', 'crosspoint_routes'],
];

/** Prosody's configuration, in Lua: nothing is stored but accounts and rosters, and no name is looked up. */
export function writeProsodyConfig(options: XmppServerOptions, ports: XmppServerPorts, home: string): string {
  const { address, tls, turn } = options;
  const domain = plainName(options.domain);
  const routes = Object.entries(options.servers ?? {}).map(
    ([name, { host, port }]) => `[${quote(plainName(name))}] = { ${quote(host)}, ${port} }`,
  );
  const authority = tls.ca === undefined ? '' : ` cafile = ${quote(`${home}/ca.pem`)};`;
  return `pidfile = ${quote(`${home}/prosody.pid`)}
data_path = ${quote(`${home}/data`)}
plugin_paths = { ${quote(`${home}/modules`)} }
run_as_root = true
interfaces = { ${quote(address)} }
local_interfaces = { ${quote(address)} }
modules_enabled = { ${MODULES.map(quote).join('; ')} }
modules_disabled = { ${tls.ca === undefined ? '"s2s_auth_certs"' : ''} }
c2s_ports = { ${ports.client} }
c2s_direct_tls_ports = { }
s2s_ports = { ${ports.server} }
s2s_direct_tls_ports = { }
http_ports = { ${ports.http} }
http_interfaces = { ${quote(address)} }
https_ports = { }
http_default_host = ${quote(domain)}
component_ports = { ${ports.component} }
component_interfaces = { ${quote(address)} }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
consider_websocket_secure = true
s2s_require_encryption = true
s2s_secure_auth = false
authentication = "internal_plain"
storage = "internal"
crosspoint_routes = { ${routes.join('; ')} }
${turn === undefined ? '' : `external_service_secret = ${quote(plainSecret(turn.secret))}\nexternal_services = { { type = "turn"; transport = "udp"; host = ${quote(turn.host)}; port = ${turn.port}; secret = true; ttl = 86400 } }\n`}log = { info = "*console" }
ssl = { key = ${quote(`${home}/key.pem`)}; certificate = ${quote(`${home}/cert.pem`)};${authority} }
VirtualHost ${quote(domain)}
${Object.entries(options.components ?? {})
  .map(
    ([name, secret]) =>
      `Component ${quote(plainName(name))}\n  component_secret = ${quote(plainSecret(secret))}\n`,
  )
  .join('')}`;
}

/** An account as Prosody's own store keeps it. */
export function writeAccount(password: string): string {
  return `return { ["password"] = ${quote(plainSecret(password))} };\n`;
}

export function writeRoster(contacts: readonly string[]): string {
  const items = contacts.map((jid) => `[${quote(jid)}] = { ["subscription"] = "both"; ["groups"] = {} };`);
  return `return { [false] = { ["version"] = 1; ["pending"] = {} }; ${items.join(' ')} };\n`;
}

/** The name of a folder in Prosody's store. */
export function storeName(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** @throws RangeError for a text that Lua would read otherwise */
function quote(text: string): string {
  if (!/^[ !#-[\]-~]*$/.test(text))
    throw new RangeError(`${JSON.stringify(text)} cannot stand in Prosody's configuration`);
  return `"${text}"`;
}
