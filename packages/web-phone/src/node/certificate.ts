import { generate } from 'selfsigned';

/** A certificate for this address, made now and kept nowhere. Browsers give cameras to HTTPS pages only. */
export async function lanCertificate(address: string): Promise<{ key: string; cert: string }> {
  const days = 30;
  const made = await generate([{ name: 'commonName', value: `Crosspoint on ${address}` }], {
    algorithm: 'sha256',
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + days * 24 * 3600 * 1000),
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: address },
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
