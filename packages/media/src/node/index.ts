export { EmbeddedRelay, type EmbeddedRelayOptions } from './embedded-relay.ts';
export { bindPair, RtpSocket } from './rtp-socket.ts';
export { RtpengineRelay, type RtpengineRelayOptions } from './rtpengine-relay.ts';
