export type { CallEvents, CallOptions, CallPhase } from './call-events.ts';
export type { ClientConnection, Connect, ConnectionEvents } from './client-connection.ts';
export { ClientSession, type ClientSessionEvents } from './client-session.ts';
export { connectHttp } from './http-connection.ts';
export { type ClientEvents, type ClientSettings, SignalingClient } from './signaling-client.ts';
export { WebCall } from './web-call.ts';
export { connectWs } from './ws-connection.ts';
