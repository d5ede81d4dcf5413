/**
 * Whether a request may open a session, by its `Origin` (RFC 6455 section 10.2, RFC 6454). A page of another site must
 * not signal in a visitor's name. Programs that are no browsers send no Origin and may.
 * @param allowed further origins, beside the server's own
 */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[] = [],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  if (host === undefined) return false;
  return origin === `http://${host}` || origin === `https://${host}`;
}
