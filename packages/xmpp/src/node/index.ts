export { type CertificateOptions, type CertifiedKey, makeCertificate } from './certificate.ts';
export { nodeCrypto } from './node-crypto.ts';
export type { ServerPlace, ServerResolver } from './server-connector.ts';
export { systemClock } from './system-clock.ts';
export type { XmppTap, XmppTapEvent } from './tap.ts';
export type { XmppTls } from './tls-identity.ts';
export {
  type XmppListenOptions,
  XmppServer,
  type XmppServerOptions,
  type XmppService,
} from './xmpp-server.ts';
