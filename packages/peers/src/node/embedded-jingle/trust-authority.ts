import tls from 'node:tls';

const connect = tls.connect.bind(tls) as (...given: unknown[]) => tls.TLSSocket;
const authorities = new Set<string>();

/**
 * One more authority whose certificates this process takes, PEM. @xmpp/client hands no options on to its TLS, and Node 20
 * knows no way to add an authority to its own after the start: so each connection of the process is told of it.
 */
export function trustAuthority(ca: string): void {
  const isFirst = authorities.size === 0;
  authorities.add(ca);
  if (!isFirst) return;
  const trusting = (first: unknown, ...rest: unknown[]): tls.TLSSocket => {
    const isOptions = typeof first === 'object' && first !== null;
    const ca = [...authorities, ...tls.rootCertificates];
    return isOptions ? connect({ ca, ...first }, ...rest) : connect(first, ...rest);
  };
  tls.connect = trusting as typeof tls.connect;
}
