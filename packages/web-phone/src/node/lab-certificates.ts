import { generate } from 'selfsigned';

/** A certificate and its key, in PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

const DAYS = 30;
/** The addresses of this machine at which the lab's own programs listen. */
const ADDRESSES = ['127.0.0.1', '127.0.0.2'];

/** Certificates of one run, all by its own authority. */
export interface LabCertificates<Name extends string> {
  /** The authority's certificate, in PEM. */
  readonly ca: string;
  readonly of: Readonly<Record<Name, Identity>>;
}

/**
 * One certificate authority of this run and a certificate by it for each name: the programs of the lab know each other
 * by them, as both server and client (RFC 5922). Made now and kept nowhere.
 */
export async function labCertificates<Name extends string>(
  names: readonly Name[],
): Promise<LabCertificates<Name>> {
  const notAfterDate = new Date(Date.now() + DAYS * 24 * 3600 * 1000);
  const common = { algorithm: 'sha256', keyType: 'ec', notAfterDate } as const;
  const authority = await generate([{ name: 'commonName', value: 'Crosspoint lab' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
    ],
  });
  const made = await Promise.all(
    names.map(async (domain) => {
      const own = await generate([{ name: 'commonName', value: domain }], {
        ...common,
        ca: { key: authority.private, cert: authority.cert },
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          {
            name: 'subjectAltName',
            altNames: [{ type: 2, value: domain }, ...ADDRESSES.map((ip) => ({ type: 7 as const, ip }))],
          },
        ],
      });
      return [domain, { key: own.private, cert: own.cert }] as const;
    }),
  );
  return { ca: authority.cert, of: Object.fromEntries(made) as Record<Name, Identity> };
}
