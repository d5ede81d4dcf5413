import type { KamailioNeighbour, KamailioOptions, KamailioPorts, KamailioRoute } from './kamailio-options.ts';

/** Kamailio reads these in a string as the end of it, an escape, or the start of a variable. */
const SAFE = /^[ !#$%&()*+,\-./0-9:;<=>?@A-Z[\]^_`a-z{|}~']*$/;

/** A string of Kamailio's configuration. @throws RangeError for what cannot be quoted */
function quote(text: string): string {
  if (!SAFE.test(text))
    throw new RangeError(`${JSON.stringify(text)} cannot stand in Kamailio's configuration`);
  return `"${text}"`;
}

/** Kamailio's configuration: registrar and proxy without a database. */
export function writeKamailioConfig(
  options: KamailioOptions,
  ports: KamailioPorts,
  runFolder: string,
): string {
  return [
    globals(options, ports),
    modules(options, ports, runFolder),
    users(options.users ?? {}),
    requestRoute(options),
    REPLIES,
  ].join('\n');
}

function globals(options: KamailioOptions, ports: KamailioPorts): string {
  const { address, domain } = options;
  return `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=${options.fast === true ? 2 : 1}
tcp_children=2
auto_aliases=no
dns=no
rev_dns=no
tcp_accept_no_cl=yes
tcp_connection_lifetime=3605
tcp_rd_buf_size=65536
tcp_connect_timeout=3
# A neighbour knows its connections by the port that it listens on.
tcp_reuse_port=yes
alias=${quote(domain)}
listen=udp:${address}:${ports.sip}
listen=tcp:${address}:${ports.sip}
listen=tcp:${address}:${ports.ws}
${ports.tls === undefined ? '' : `enable_tls=yes\nlisten=tls:${address}:${ports.tls}\n`}`;
}

function modules(options: KamailioOptions, ports: KamailioPorts, runFolder: string): string {
  const names = [
    'tm',
    'tmx',
    'sl',
    'rr',
    'pv',
    'maxfwd',
    'usrloc',
    'registrar',
    'textops',
    'siputils',
    'xlog',
  ];
  names.push(
    'sanity',
    'kex',
    'corex',
    'nathelper',
    'auth',
    'htable',
    'jsonrpcs',
    'xhttp',
    'websocket',
    'path',
  );
  if (options.outbound === true) names.push('stun', 'outbound');
  if (options.tls !== undefined) names.push('tls');
  const lines = names.map((name) => `loadmodule "${name}.so"`);
  const set = (module: string, name: string, value: string | number): void => {
    lines.push(`modparam("${module}", "${name}", ${typeof value === 'number' ? value : quote(value)})`);
  };
  set('jsonrpcs', 'transport', 4);
  set('jsonrpcs', 'dgram_socket', `udp:${options.address}:${ports.rpc}`);
  set('jsonrpcs', 'fifo_name', `${runFolder}/rpc.fifo`);
  set('usrloc', 'db_mode', 0);
  // A page that is gone, or a phone whose connection broke, is not there any more.
  set('usrloc', 'handle_lost_tcp', 1);
  set('registrar', 'received_avp', '$avp(RECEIVED)');
  set('nathelper', 'received_avp', '$avp(RECEIVED)');
  // With 1, the ";gr" in a contact breaks the route of the ACK to it.
  set('registrar', 'gruu_enabled', 0);
  set('registrar', 'max_contacts', 10);
  set('registrar', 'use_path', 1);
  set('registrar', 'path_mode', 0);
  set('registrar', 'outbound_mode', options.outbound === true ? 1 : 0);
  set('rr', 'enable_double_rr', 2);
  set('tm', 'fr_timer', 10_000);
  set('tm', 'fr_inv_timer', 1000 * (options.ringSeconds ?? 60));
  set('auth', 'algorithm', options.digest ?? 'MD5');
  set('auth', 'qop', 'auth');
  set('auth', 'nonce_expire', 120);
  set('websocket', 'keepalive_mechanism', 1);
  set('websocket', 'keepalive_timeout', 30);
  set('websocket', 'sub_protocols', 1);
  set('htable', 'htable', 'users=>size=8');
  if (options.tls !== undefined) {
    set('tls', 'certificate', options.tls.certificate);
    set('tls', 'private_key', options.tls.key);
    const { authority } = options.tls;
    if (authority !== undefined) set('tls', 'ca_list', authority);
    set('tls', 'verify_certificate', authority === undefined ? 0 : 1);
    set('tls', 'require_certificate', 0);
    set('tls', 'tls_method', 'TLSv1.2+');
  }
  return lines.join('\n');
}

function users(names: Readonly<Record<string, string>>): string {
  const lines = Object.entries(names).map(
    ([name, password]) => `    $sht(users=>${plainName(name)}) = ${quote(plainPassword(password))};`,
  );
  return `event_route[htable:mod-init] {\n${lines.join('\n')}\n    return;\n}`;
}

function plainName(name: string): string {
  if (!/^[A-Za-z0-9._-]+$/.test(name)) throw new RangeError(`${JSON.stringify(name)} is no name for a user`);
  return name;
}

/** A dollar sign would begin a variable. */
function plainPassword(password: string): string {
  if (password === '' || password.includes('$'))
    throw new RangeError('a password that is empty or has a "$"');
  return password;
}

/** The condition under which a request comes from one who needs no password. */
function trustedCondition(trusted: readonly KamailioNeighbour[]): string {
  const each = trusted.map((hop) => {
    if ('certificate' in hop)
      return `(proto == TLS && $tls_peer_verified == 1 && $tls_peer_subject_cn == ${quote(hop.certificate)})`;
    if ('port' in hop)
      return `(proto == ${hop.transport.toUpperCase()} && $si == ${quote(hop.host)} && $sp == ${hop.port})`;
    return `$si == ${quote(hop.host)}`;
  });
  return each.length === 0 ? '$si == "none"' : each.join(' || ');
}

function elsewhere(routes: readonly KamailioRoute[], own: boolean): string {
  return routes
    .filter(({ domain }) => (domain === undefined) === own)
    .map(({ domain, userPrefix, to }) => {
      const conditions = [
        ...(domain === undefined ? [] : [`$rd == ${quote(domain)}`]),
        ...(userPrefix === undefined
          ? []
          : [`$rU =~ ${quote(`^${userPrefix.replace(/[.+*?()[\]{}|^]/g, '[$&]')}`)}`]),
      ];
      const condition = conditions.length === 0 ? '1 == 1' : conditions.join(' && ');
      return `    if (${condition}) { $du = ${quote(to)}; route(RELAY); exit; }`;
    })
    .join('\n');
}

function requestRoute(options: KamailioOptions): string {
  const realm = quote(options.domain);
  const routes = options.routes ?? [];
  return `
request_route {
    if (!mf_process_maxfwd_header("70")) { sl_send_reply("483", "Too Many Hops"); exit; }
    if (!sanity_check("1511", "7")) { exit; }
    force_rport();
    # One who opened a connection is reached through it.
    if (proto == WS || proto == WSS) {
        if (!is_method("REGISTER")) { add_contact_alias(); }
    }
    if (is_method("CANCEL")) { if (t_check_trans()) { route(RELAY); } exit; }
    if (is_method("OPTIONS") && uri == myself && $rU == $null) { sl_send_reply("200", "OK"); exit; }
    $var(trusted) = 0;
    if (${trustedCondition(options.trusted ?? [])}) { $var(trusted) = 1; }
${
  options.neighboursOnly === true
    ? '    if ($var(trusted) == 0) { if (!is_method("ACK")) { sl_send_reply("403", "Relaying Denied"); } exit; }\n'
    : ''
}    if (has_totag()) {
        if (loose_route()) {
            if ($du == "") { handle_ruri_alias(); }
            route(RELAY); exit;
        }
        # SIPp's own scenarios do not follow the route.
        if ($var(trusted) == 1 && uri == myself) { route(OWN); exit; }
        if (is_method("ACK")) { if (t_check_trans()) { t_relay(); } exit; }
        sl_send_reply("481", "Call/Transaction Does Not Exist"); exit;
    }
    t_check_trans();
    if (is_method("ACK")) { exit; }
    if (is_method("REGISTER")) { route(REGISTER); exit; }
    route(ASK);
    loose_route();
    remove_hf("Route");
    if (is_method("INVITE|SUBSCRIBE|REFER")) { record_route(); }
    if (uri == myself) { route(OWN); exit; }
${elsewhere(routes, false)}
    send_reply("404", "Domain Not Served"); exit;
}

route[REGISTER] {
    if (!(uri == myself)) { sl_send_reply("403", "Not This Registrar"); exit; }
    if (!pv_www_authenticate(${realm}, "$sht(users=>$au)", "0")) { www_challenge(${realm}, "1"); exit; }
    if ($au != $tU) { sl_send_reply("403", "Not Your Address"); exit; }
    if (proto != UDP) { fix_nated_register(); }
    if (!save("location")) { sl_reply_error(); }
}

# Who calls from its domain proves it; a stranger is known by address or refused.
route[ASK] {
    if ($var(trusted) == 1) { return; }
    if (!(from_uri == myself)) { sl_send_reply("403", "Relaying Denied"); exit; }
    if (!pv_proxy_authenticate(${realm}, "$sht(users=>$au)", "0")) { proxy_challenge(${realm}, "1"); exit; }
    if ($au != $fU) { sl_send_reply("403", "Not Your Address"); exit; }
    consume_credentials();
}

route[OWN] {
    if ($rU == $null) { send_reply("484", "Address Incomplete"); exit; }
    if (lookup("location")) { route(RELAY); exit; }
    if ($rc == -2) { send_reply("405", "Method Not Allowed"); exit; }
${elsewhere(routes, true)}
    if ($sht(users=>$rU) == $null) { send_reply("404", "Not Found"); exit; }
    send_reply("480", "Temporarily Unavailable"); exit;
}
`;
}

const REPLIES = `
route[RELAY] {
    if (is_method("INVITE")) { t_on_reply("REPLY"); }
    if (!t_relay()) { sl_reply_error(); }
    exit;
}
onreply_route[REPLY] {
    if (proto == WS || proto == WSS) { add_contact_alias(); }
}
event_route[xhttp:request] {
    set_reply_close();
    set_reply_no_connect();
    if ($hdr(Upgrade) =~ "websocket" && $hdr(Connection) =~ "Upgrade" && $rm =~ "GET") {
        if (ws_handle_handshake()) { exit; }
    }
    xhttp_reply("404", "Not Found", "text/plain", "no\\n");
}
`;
