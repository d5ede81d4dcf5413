import { outside } from './caller-scenario.ts';
import { mayGet, scenario, send } from './scenario-parts.ts';

export interface RegisterScenario {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
  /** `sip:alice@127.0.0.1:5070` */
  readonly contact: string;
  /** In seconds; 0 takes the registration back. */
  readonly expires: number;
}

/** Registers once, with digest where it is asked for; SIPp's exit status tells whether it was taken. */
export function registerScenario(options: RegisterScenario): string {
  const { user, domain, password, contact, expires } = options;
  const own = `<sip:${user}@${domain}>`;
  const register = (authentication: readonly string[]): string =>
    send(
      [
        ...outside(
          'REGISTER',
          `sip:${domain}`,
          `${own};tag=[pid]SIPp[call_number]`,
          own,
          `<${contact}>;expires=${expires}`,
        ),
        ...authentication,
        `Expires: ${expires}`,
      ],
      { retransmit: true },
    );
  return scenario(
    'register',
    [
      register([]),
      mayGet(100, 1),
      '<label id="1"/>',
      mayGet(200, 9),
      '<recv response="401" auth="true"/>',
      register([`[authentication username=${user} password=${password}]`]),
      '<recv response="200"/>',
      '<label id="9"/>',
      '<nop/>',
    ],
    [],
  ).replace(/<Reference[^>]*>\n/, '');
}
