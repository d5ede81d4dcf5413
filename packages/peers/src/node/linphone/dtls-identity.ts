import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** The subject by which linphone looks for its own certificate of DTLS. */
const SUBJECT = 'linphone-dtls-default-identity';
const KEY_BITS = 2048;

let made: Promise<string> | undefined;

/**
 * Puts a certificate for DTLS into `folder`, which is made: the `user_certificates_path` of linphone's configuration.
 * Where it finds none, linphone makes one in the first call and does not ring before, for seconds on a busy machine. All
 * phones of this process have the same one.
 */
export async function writeDtlsIdentity(folder: string): Promise<void> {
  made ??= generate([{ name: 'commonName', value: SUBJECT }], {
    algorithm: 'sha256',
    keyType: 'rsa',
    keySize: KEY_BITS,
  }).then(({ cert, private: key }) => `${cert.trim()}\n${key.trim()}\n`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${SUBJECT}.pem`), await made, { mode: 0o600 });
}
