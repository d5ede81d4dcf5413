import { generate } from 'selfsigned';

/** A certificate and its key, in PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

const DAYS = 30;

/**
 * One certificate authority of this run and a certificate by it for each domain: the servers know each other by them,
 * as both server and client (RFC 5922). Made now and kept nowhere.
 */
export async function federationCertificates(
  domains: readonly string[],
): Promise<{ readonly ca: string; readonly identities: readonly Identity[] }> {
  const notAfterDate = new Date(Date.now() + DAYS * 24 * 3600 * 1000);
  const common = { algorithm: 'sha256', keyType: 'ec', notAfterDate } as const;
  const authority = await generate([{ name: 'commonName', value: 'Crosspoint federation' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
    ],
  });
  const identities = await Promise.all(
    domains.map(async (domain) => {
      const made = await generate([{ name: 'commonName', value: domain }], {
        ...common,
        ca: { key: authority.private, cert: authority.cert },
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          {
            name: 'subjectAltName',
            altNames: [
              { type: 2, value: domain },
              { type: 7, ip: '127.0.0.1' },
            ],
          },
        ],
      });
      return { key: made.private, cert: made.cert };
    }),
  );
  return { ca: authority.cert, identities };
}
