import { createHash } from 'node:crypto';
import { NS } from './namespaces.ts';
import { type XmlElement, xml } from './xml.ts';

const NODE = 'urn:x-crosspoint:embedded-jingle';
const NAME = 'Crosspoint embedded Jingle client';

/** What disco#info is answered with, in the order of `i;octet`. */
const FEATURES: readonly string[] = [
  NS.caps,
  NS.carbons,
  NS.discoInfo,
  'urn:ietf:rfc:5576',
  'urn:ietf:rfc:5888',
  NS.message,
  NS.jingle,
  NS.dtls,
  NS.rtp,
  NS.rtpAudio,
  NS.sctp,
  NS.ice,
  NS.ping,
].sort();

/** The verification string of XEP-0115 section 5.1. */
export function capsVersion(): string {
  const text = `client/pc//${NAME}<${FEATURES.map((feature) => `${feature}<`).join('')}`;
  return createHash('sha1').update(text).digest('base64');
}

/** What presence says of us. */
export function writeCaps(): XmlElement {
  return xml('c', { xmlns: NS.caps, hash: 'sha-1', node: NODE, ver: capsVersion() });
}

/** The answer to disco#info; undefined for a node that is not ours. */
export function answerInfo(query: XmlElement): XmlElement | undefined {
  const { node } = query.attrs;
  if (node !== undefined && node !== `${NODE}#${capsVersion()}`) return undefined;
  return xml(
    'query',
    { xmlns: NS.discoInfo, ...(node === undefined ? {} : { node }) },
    xml('identity', { category: 'client', type: 'pc', name: NAME }),
    ...FEATURES.map((feature) => xml('feature', { var: feature })),
  );
}
