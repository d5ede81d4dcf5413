import { URI } from 'sip.js';

/** The dialog that is to be taken over, as its own side knows it. */
interface TakenDialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

/**
 * Where a call that takes the place of another one goes (RFC 3891), for a REFER: an address with a header in it stands in
 * angle brackets (RFC 3261 section 20), which SIP.js does not put around an address that it is given.
 */
export class ReplacingAddress extends URI {
  constructor(to: URI, { callId, localTag, remoteTag }: TakenDialog) {
    const replaces = encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`);
    super(to.scheme, to.user ?? '', to.host, to.port, {}, { Replaces: [replaces] });
  }

  override toString(): string {
    return `<${super.toString()}>`;
  }
}
