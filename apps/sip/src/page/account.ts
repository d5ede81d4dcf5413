import type { IceServer } from '@crosspoint/signaling';

/** Where a page registers, and as whom. */
export interface Account {
  /** `ws://127.0.0.1:5066` */
  readonly server: string;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly iceServers: readonly IceServer[];
}

/** Asks the server that this page came from for an account of this name. @throws Error with its words where it has none */
export async function askForAccount(name: string, password: string | undefined): Promise<Account> {
  const response = await fetch('/sip-ws/account', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, ...(password === undefined ? {} : { password }) }),
  });
  const answer = (await response.json()) as Account | { readonly error: string };
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

/** The account that a driver gives with `open-sip`. @throws Error where it is none */
export function accountFrom(args: Readonly<Record<string, unknown>>): Account {
  const { server, domain, user, password } = args;
  for (const [name, value] of Object.entries({ server, domain, user, password }))
    if (typeof value !== 'string' || value === '') throw new Error(`open-sip: there is no ${name}`);
  return {
    server: String(server),
    domain: String(domain),
    user: String(user),
    password: String(password),
    iceServers: [],
  };
}
