// Transports, the running endpoint, user agent, registrar and proxy
export { type Credentials, nodeHash } from './agent/auth-memory.ts';
export type { Call } from './agent/call.ts';
export type {
  AcceptedEvent,
  CallHandlers,
  EndedEvent,
  InfoEvent,
  OfferEvent,
  Outcome,
  PrackEvent,
  ProvisionalEvent,
  ReferEvent,
  RefusedEvent,
} from './agent/call-events.ts';
export type { CallSource, IncomingCall } from './agent/incoming-call.ts';
export type { OfferOutcome } from './agent/offer-exchange.ts';
export type { InviteOptions, OutgoingCall } from './agent/outgoing-call.ts';
export type { RegisterOptions, Registration, RegistrationHandlers } from './agent/registration.ts';
export { type AgentOptions, SipAgent } from './agent/sip-agent.ts';
export { type ClockHandle, type SipClock, systemClock } from './clock.ts';
export type { ClientUser } from './endpoint/client-transaction.ts';
export { type EndpointOptions, type EndpointUser, SipEndpoint } from './endpoint/endpoint.ts';
export { type ResolveHost, systemResolve } from './endpoint/next-hop.ts';
export type { SendOptions, SentRequest } from './endpoint/sent-request.ts';
export type { ServerTransaction, ServerUser } from './endpoint/server-transaction.ts';
export { type RandomHex, systemRandom } from './endpoint/tokens.ts';
export type { SipFinding } from './finding.ts';
export { IncomingSipLeg } from './leg/incoming-leg.ts';
export { type OutgoingLegOptions, OutgoingSipLeg } from './leg/outgoing-leg.ts';
export { type LegFinding, SipLeg, type SipLegOptions } from './leg/sip-leg.ts';
// End of registrar and proxy
// Signal <-> SIP
export { type SipTraceOptions, sipTrace } from './leg/sip-trace.ts';
// End of transports, the running endpoint, user agent, registrar and proxy
// Registrar and proxy
export type { GateOptions, PasswordOf } from './proxy/gate.ts';
export { type Binding, Location, type LocationLimits } from './proxy/location.ts';
export type { RegistrarOptions } from './proxy/registrar.ts';
export { type ProxyOptions, SipProxy } from './proxy/sip-proxy.ts';
export type { Flow, SipAddress, SipTarget, SipTransport } from './transport/flow.ts';
export type { SipTap, SipTapEvent } from './transport/tap.ts';
export type { TlsIdentity } from './transport/tls-identity.ts';
export { DEFAULT_TRANSPORT_LIMITS, type TransportLimits } from './transport/transport-limits.ts';
export type { ListeningPoint, ListenOptions } from './transport/transports.ts';
export { type TrustedHop, TrustedHops } from './transport/trusted-hops.ts';
// End of Signal <-> SIP
