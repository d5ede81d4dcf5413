export type { Connection } from './connection.ts';
export { type HttpDoorOptions, openHttpDoor } from './http-door.ts';
export { DEFAULT_LIMITS, type ServerLimits } from './limits.ts';
export { originAllowed } from './origin.ts';
export { Session } from './session.ts';
export {
  type Door,
  type PlacedCall,
  SignalingServer,
  type SignalingServerOptions,
} from './signaling-server.ts';
export { WebLeg } from './web-leg.ts';
export { openWsDoor, type WsDoorOptions } from './ws-door.ts';
