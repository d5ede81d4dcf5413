/** The algorithms that are spoken, the strongest first (RFC 8760 section 2.2). */
export const DIGEST_ALGORITHMS = ['SHA-256-sess', 'SHA-256', 'MD5-sess', 'MD5'] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];
export type DigestHashName = 'MD5' | 'SHA-256';

/** Hash of the UTF-8 bytes of a text, as lower-case hexadecimal. Handed in: the pure door has no crypto. */
export type DigestHash = (name: DigestHashName, text: string) => string;

/** The algorithm by its name in any case (tokens compare so); undefined names MD5; an unknown one is undefined. */
export function digestAlgorithm(name: string | undefined): DigestAlgorithm | undefined {
  if (name === undefined) return 'MD5';
  const lower = name.toLowerCase();
  return DIGEST_ALGORITHMS.find((each) => each.toLowerCase() === lower);
}

export function digestHashName(algorithm: DigestAlgorithm): DigestHashName {
  return algorithm.startsWith('SHA-256') ? 'SHA-256' : 'MD5';
}

/** H(user:realm:password): what a registrar may store in place of the password. */
export function digestSecret(
  hash: DigestHash,
  name: DigestHashName,
  user: string,
  realm: string,
  password: string,
): string {
  return hash(name, `${user}:${realm}:${password}`);
}

export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  /** `digestSecret` of the user. */
  readonly secret: string;
  readonly nonce: string;
  readonly method: string;
  /** The `uri` parameter as sent. */
  readonly uri: string;
  /** Only `auth` is spoken; without it the form of RFC 2069 is computed. */
  readonly qop?: 'auth';
  /** Eight hexadecimal digits. Needed with qop. */
  readonly nc?: string;
  /** Needed with qop and by the -sess algorithms. */
  readonly cnonce?: string;
}

/** The `response` parameter (RFC 7616 section 3.4.1), lower-case hexadecimal. */
export function digestResponse(hash: DigestHash, input: DigestInput): string {
  const name = digestHashName(input.algorithm);
  const secret = input.algorithm.endsWith('-sess')
    ? hash(name, `${input.secret}:${input.nonce}:${input.cnonce ?? ''}`)
    : input.secret;
  const about = hash(name, `${input.method}:${input.uri}`);
  return input.qop === undefined
    ? hash(name, `${secret}:${input.nonce}:${about}`)
    : hash(name, `${secret}:${input.nonce}:${input.nc ?? ''}:${input.cnonce ?? ''}:${input.qop}:${about}`);
}
