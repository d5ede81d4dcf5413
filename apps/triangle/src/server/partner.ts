/** Who can answer by itself. */
export const PARTNERS = ['embedded', 'chromium', 'firefox'] as const;
export type PartnerName = (typeof PARTNERS)[number];

/** Starts an automatic partner: it registers under its own name and takes every call. Returns how to stop it. */
export async function startPartner(
  name: PartnerName,
  _url: string,
  _transport: 'ws' | 'http',
): Promise<() => Promise<void>> {
  throw new Error(`${name} cannot be started yet`);
}
