import { xml } from '@xmpp/client';

export { xml };
/** An element of ltx, by which @xmpp/client reads and writes. */
export type XmlElement = ReturnType<typeof xml>;
