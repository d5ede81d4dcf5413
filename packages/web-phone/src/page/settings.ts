/** What a page was told in its address: `?transport=http&name=alice&relay=1`. */
export interface PageSettings {
  readonly transport: 'ws' | 'http';
  readonly name: string;
  readonly trickle: boolean;
  readonly relayOnly: boolean;
  /** Send a test pattern and not the camera: for a machine without one, and for the lab. */
  readonly testSignal: boolean;
}

/** Reads the settings from a query string; what is absent has its default. */
export function readSettings(query: string): PageSettings {
  const values = new URLSearchParams(query);
  return {
    transport: values.get('transport') === 'http' ? 'http' : 'ws',
    name: (values.get('name') ?? '').toLowerCase(),
    trickle: values.get('trickle') !== '0',
    relayOnly: values.get('relay') === '1',
    testSignal: values.get('media') === 'test',
  };
}
