import type { IceServer } from '@crosspoint/signaling';

/** Where a page logs in, and as whom. */
export interface Account {
  /** `ws://127.0.0.1:5280/xmpp-websocket` */
  readonly server: string;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  /** The resource to bind; the server chooses one without it. */
  readonly resource?: string;
  readonly iceServers: readonly IceServer[];
}

/** Asks the server that this page came from for an account of this name. @throws Error with its words where it has none */
export async function askForAccount(name: string, password: string | undefined): Promise<Account> {
  const response = await fetch('/stanza/account', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, ...(password === undefined ? {} : { password }) }),
  });
  const answer = (await response.json()) as Account | { readonly error: string };
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

/** The account that a driver gives with `open-jingle`. @throws Error where it is none */
export function accountFrom(args: Readonly<Record<string, unknown>>): Account {
  const { server, domain, user, password, resource } = args;
  for (const [name, value] of Object.entries({ server, domain, user, password }))
    if (typeof value !== 'string' || value === '') throw new Error(`open-jingle: there is no ${name}`);
  return {
    server: String(server),
    domain: String(domain),
    user: String(user),
    password: String(password),
    ...(typeof resource === 'string' && resource !== '' ? { resource } : {}),
    iceServers: [],
  };
}
