import { networkInterfaces } from 'node:os';

/** This machine's first IPv4 address that others can reach, or `undefined` where there is none but loopback. */
export function ownAddress(): string | undefined {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const address of addresses ?? [])
      if (address.family === 'IPv4' && !address.internal) return address.address;
  }
  return undefined;
}
