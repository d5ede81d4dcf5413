import type { SipRequest } from '../../message/message.ts';
import { type Via, writeVia } from '../../message/via.ts';
import { bracketed, defaultPort, type Flow, type SipTarget, type SipTransport } from '../transport/flow.ts';

/**
 * The request with where it really came from in its topmost Via: `received` where sent-by says otherwise (RFC 3261
 * section 18.2.1) or rport asks for it, and rport filled in (RFC 3581 section 4).
 */
export function withSource(request: SipRequest, flow: Flow): SipRequest {
  const { via } = request;
  const { host, port } = flow.remote;
  const wantsPort = via.rport !== undefined;
  if (!wantsPort && bare(via.host) === host) return request;
  let params = via.params.with('received', host);
  if (wantsPort) params = params.with('rport', String(port));
  const text = writeVia({ ...viaParts(via), params } as Via);
  return request.removeFirst('via').prepend('Via', text);
}

/** Where a response goes when its flow is gone (section 18.2.2), by its topmost Via. */
export function responseTarget(via: Via): SipTarget {
  const transport = transportOf(via.transport);
  const host = via.received ?? bare(via.host);
  const filled = Number(via.rport);
  const port = filled > 0 ? filled : (via.port ?? defaultPort(transport));
  return { transport, host, port };
}

/** Host and port of the Via that responses of requests over UDP go to, without rport: the source's address. */
export function sentBy(via: Via): string {
  return `${via.host.toLowerCase()}:${via.port ?? ''}`;
}

function viaParts(via: Via): Pick<Via, 'protocol' | 'version' | 'transport' | 'host' | 'port' | 'params'> {
  const { protocol, version, transport, host, port, params } = via;
  return { protocol, version, transport, host, port, params };
}

function transportOf(name: string): SipTransport {
  const lower = name.toLowerCase();
  return lower === 'tcp' || lower === 'tls' || lower === 'ws' || lower === 'wss' ? lower : 'udp';
}

function bare(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

export function viaHost(host: string, port: number): string {
  return `${bracketed(host)}:${port}`;
}
