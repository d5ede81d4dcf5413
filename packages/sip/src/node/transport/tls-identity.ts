/** What TLS needs, in PEM. */
export interface TlsIdentity {
  readonly key?: string;
  readonly cert?: string;
  /** Certificate authorities that are trusted in place of the machine's. */
  readonly ca?: string | readonly string[];
  /** Ask connecting peers for a certificate, as servers that federate do; off by default. */
  readonly requestCert?: boolean;
  /** Refuse peers whose certificate does not verify; on by default when connecting. */
  readonly rejectUnauthorized?: boolean;
}

export function tlsOptions(tls: TlsIdentity | undefined): {
  key?: string;
  cert?: string;
  ca?: string | string[];
  rejectUnauthorized?: boolean;
} {
  return {
    ...(tls?.key === undefined ? {} : { key: tls.key }),
    ...(tls?.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls?.ca === undefined ? {} : { ca: typeof tls.ca === 'string' ? tls.ca : [...tls.ca] }),
    ...(tls?.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: tls.rejectUnauthorized }),
  };
}
