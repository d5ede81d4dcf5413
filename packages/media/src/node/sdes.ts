import { randomBytes } from 'node:crypto';
import type { Crypto } from '@crosspoint/sdp';
import { RelayError } from '../relay/relay-error.ts';
import { MASTER_LENGTH, SrtpContext, type SrtpSuite } from './srtp.ts';

const SUITES: readonly string[] = [
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
] satisfies SrtpSuite[];

/** The keys of one m-line in the description (RFC 4568): ours, theirs, and what runs under them. */
export class SdesKeys {
  readonly #master = randomBytes(MASTER_LENGTH);
  #tag = 1;
  #suite: SrtpSuite = 'AES_CM_128_HMAC_SHA1_80';
  #theirs = '';
  #sending: SrtpContext | undefined;
  #receiving: SrtpContext | undefined;

  /** What our description says. */
  get crypto(): Crypto {
    const keyParameters = `inline:${this.#master.toString('base64')}`;
    return { tag: this.#tag, suite: this.#suite, keyParameters, sessionParameters: [] };
  }

  get sending(): SrtpContext | undefined {
    return this.#sending;
  }

  get receiving(): SrtpContext | undefined {
    return this.#receiving;
  }

  /** Takes the far side's keys: the first that we can use. @throws RelayError where none is */
  take(offered: readonly Crypto[]): void {
    for (const { tag, suite, keyParameters, sessionParameters } of offered) {
      const key = /^inline:([A-Za-z0-9+/]{40})(\|2\^\d+|\|\d+)?$/.exec(keyParameters)?.[1];
      // Section 6.3: a session parameter that one does not do makes the whole line unusable.
      if (!isSuite(suite) || key === undefined || sessionParameters.length > 0) continue;
      if (this.#sending === undefined || suite !== this.#suite)
        this.#sending = new SrtpContext(suite, this.#master);
      // The same key goes on where it was: a new context would forget the roll-over counter.
      if (this.#theirs !== `${suite} ${key}`)
        this.#receiving = new SrtpContext(suite, Buffer.from(key, 'base64'));
      this.#theirs = `${suite} ${key}`;
      this.#tag = tag;
      this.#suite = suite;
      return;
    }
    const words = `none of ${offered.map(({ suite }) => suite).join(', ') || 'no a=crypto'} can be used`;
    throw new RelayError('unsupported', 'RFC 4568 section 5.1.2', words);
  }
}

const isSuite = (suite: string): suite is SrtpSuite => SUITES.includes(suite);
