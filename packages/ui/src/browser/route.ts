/** Where in a report a person is; what the address carries behind `#`. */
export interface Route {
  readonly cell?: string;
  readonly check?: string;
  readonly call?: string;
  /** The search text. */
  readonly q?: string;
}

const KEYS = ['q', 'cell', 'call', 'check'] as const satisfies readonly (keyof Route)[];

/** Reads the address behind `#`, with or without it. What it does not know it leaves out. */
export function parseRoute(hash: string): Route {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  return Object.fromEntries(
    KEYS.flatMap((key) => {
      const value = parameters.get(key);
      return value === null || value === '' ? [] : [[key, value]];
    }),
  );
}

/** Writes a route as an address, `#` first. Slashes stay readable. */
export function writeRoute(route: Route): string {
  const fields = KEYS.flatMap((key) => {
    const value = route[key];
    return value === undefined || value === '' ? [] : [`${key}=${encode(value)}`];
  });
  return `#${fields.join('&')}`;
}

function encode(value: string): string {
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replaceAll('%2F', '/')
    .replaceAll('%3A', ':');
}
