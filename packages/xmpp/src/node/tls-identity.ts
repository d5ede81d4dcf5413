import type { SecureContextOptions } from 'node:tls';

/** Who the server is in TLS, in PEM. */
export interface XmppTls {
  readonly key: string;
  readonly cert: string;
  /** Authorities whose certificates prove other servers (SASL EXTERNAL), in place of the machine's. */
  readonly ca?: string | readonly string[];
}

export function contextOptions(tls: XmppTls): SecureContextOptions {
  const { key, cert, ca } = tls;
  return { key, cert, ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }) };
}
