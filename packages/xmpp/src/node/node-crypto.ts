import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { HashName, XmppCrypto } from '../sasl/crypto.ts';

const NAMES: Readonly<Record<HashName, string>> = { 'SHA-1': 'sha1', 'SHA-256': 'sha256' };
const SIZES: Readonly<Record<HashName, number>> = { 'SHA-1': 20, 'SHA-256': 32 };

/** The arithmetic of Node. */
export const nodeCrypto: XmppCrypto = {
  hash: (name, data) => createHash(NAMES[name]).update(data).digest(),
  hmac: (name, key, data) => createHmac(NAMES[name], key).update(data).digest(),
  pbkdf2: (name, password, salt, iterations) =>
    pbkdf2Sync(password, salt, iterations, SIZES[name], NAMES[name]),
  random: (size) => randomBytes(size),
  equal: (one, other) => one.length === other.length && timingSafeEqual(one, other),
};
