import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate and its key, in PEM. */
export interface CertifiedKey {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** The domains that it is for; the first is its common name. */
  readonly domains: readonly string[];
  /** Who signs it; left out: it signs itself. */
  readonly issuer?: CertifiedKey & { readonly name: string };
  /** It may sign others. */
  readonly authority?: boolean;
  /** Days from now that it holds. */
  readonly days?: number;
}

const ECDSA_WITH_SHA256 = sequence(objectId('2a8648ce3d040302'));
const COMMON_NAME = objectId('550403');
const BASIC_CONSTRAINTS = objectId('551d13');
const SUBJECT_ALT_NAME = objectId('551d11');

/**
 * Makes a certificate (RFC 5280) with a fresh key on P-256, so that servers can speak TLS where nobody issues
 * certificates. Other servers take a self-signed one with dialback, or when they are told to trust it.
 */
export function makeCertificate(options: CertificateOptions): CertifiedKey {
  const { domains, issuer, authority = false, days = 30 } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = nameOf(domains[0] ?? 'nobody');
  const now = Date.now();
  const names = domains.map((domain) => tagged(0x82, Buffer.from(domain, 'latin1')));
  const extensions = [
    sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(...(authority ? [TRUE] : [])))),
    sequence(SUBJECT_ALT_NAME, octets(sequence(...names))),
  ];
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    issuer === undefined ? subject : nameOf(issuer.name),
    // An hour back: clocks of two machines differ.
    sequence(time(now - 3_600_000), time(now + days * 86_400_000)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signingKey = issuer === undefined ? privateKey : createPrivateKey(issuer.key);
  const signature = sign('sha256', body, signingKey);
  const whole = sequence(body, ECDSA_WITH_SHA256, tagged(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Distinguished Encoding Rules (ITU-T X.690 section 8.1): tag, length, contents. */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const contents = Buffer.concat(parts);
  const { length } = contents;
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), contents]);
  const size = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), contents]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function octets(contents: Buffer): Buffer {
  return tagged(0x04, contents);
}

function objectId(hexadecimal: string): Buffer {
  return tagged(0x06, Buffer.from(hexadecimal, 'hex'));
}

/** Positive, and in the fewest bytes. */
function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const least = bytes.subarray(first < 0 ? bytes.length - 1 : first);
  return tagged(0x02, (least[0] ?? 0) > 127 ? Buffer.from([0]) : Buffer.alloc(0), least);
}

function nameOf(name: string): Buffer {
  return sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(name, 'utf8')))));
}

/** RFC 5280 section 4.1.2.5: two digits of the year until 2049. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return Number(text.slice(0, 4)) < 2050
    ? tagged(0x17, Buffer.from(text.slice(2), 'latin1'))
    : tagged(0x18, Buffer.from(text, 'latin1'));
}

const TRUE = tagged(0x01, Buffer.from([255]));
