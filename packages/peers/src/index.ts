export {
  CAPABILITIES,
  type Echoed,
  echoedSchema,
  type Heard,
  heardSchema,
  type Impairment,
  manifestSchema,
  type OpenOptions,
  PEER_CONTRACT,
  type PeerCommand,
  type PeerCommands,
  type PeerEvent,
  type PeerManifest,
  type PeerStats,
  peerEventSchema,
  type SipOpenOptions,
  statsSchema,
  type Watched,
  watchedSchema,
} from './contract.ts';
export type { Driver, Endpoint, Exit, Finding, Program, Surroundings } from './driver.ts';
export { PeerError, type PeerErrorCode } from './peer-error.ts';
