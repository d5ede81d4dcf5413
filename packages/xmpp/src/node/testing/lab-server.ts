import type { XmppFinding } from '../../finding.ts';
import { makeCertificate } from '../certificate.ts';
import type { XmppTapEvent } from '../tap.ts';
import { XmppServer, type XmppServerOptions } from '../xmpp-server.ts';

/** A running server of a test, on free ports of this machine. */
export interface LabServer {
  readonly server: XmppServer;
  readonly tcp: number;
  readonly ws: number;
  readonly s2s: number;
  readonly component: number;
  readonly findings: XmppFinding[];
  readonly wire: XmppTapEvent[];
}

export async function startLabServer(options: Partial<XmppServerOptions> = {}): Promise<LabServer> {
  const domain = options.domain ?? 'crosspoint.test';
  const findings: XmppFinding[] = [];
  const wire: XmppTapEvent[] = [];
  const server = new XmppServer({
    domain,
    users: { alice: 'secret-a', bob: 'secret-b' },
    tls: makeCertificate({ domains: [domain] }),
    tap: (event) => wire.push(event),
    onFinding: (finding) => findings.push(finding),
    ...options,
  });
  const open = async (service: 'client' | 'websocket' | 'server' | 'component'): Promise<number> =>
    (await server.listen({ service, host: '127.0.0.1', port: 0 })).port;
  return {
    server,
    tcp: await open('client'),
    ws: await open('websocket'),
    s2s: await open('server'),
    component: await open('component'),
    findings,
    wire,
  };
}
