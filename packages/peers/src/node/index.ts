export { BARESIP_INSTALL, baresipDriver } from './baresip/baresip.ts';
export { chromiumDriver } from './chromium.ts';
export {
  type ContractReport,
  type ContractStep,
  type ContractTestOptions,
  testContract,
} from './contract-test.ts';
export { COTURN_INSTALL, findCoturn, startCoturn, type TurnServer } from './coturn.ts';
export { EJABBERD_INSTALL, findEjabberd, startEjabberd } from './ejabberd/ejabberd.ts';
export { embeddedDriver } from './embedded-driver.ts';
export { embeddedJingleDriver } from './embedded-jingle/embedded-jingle-driver.ts';
export { embeddedSipDriver } from './embedded-sip/embedded-sip-driver.ts';
export { firefoxDriver } from './firefox.ts';
export {
  findKamailio,
  KAMAILIO_INSTALL,
  type KamailioServer,
  startKamailio,
} from './kamailio/kamailio.ts';
export type {
  KamailioNeighbour,
  KamailioOptions,
  KamailioPorts,
  KamailioRoute,
  KamailioTls,
} from './kamailio/kamailio-options.ts';
export { LINPHONE_INSTALL, linphoneDriver } from './linphone/linphone.ts';
export { type ProcessDriverOptions, processDriver, readManifest } from './process-driver.ts';
export { findProgram } from './program-path.ts';
export { findProsody, PROSODY_INSTALL, startProsody } from './prosody/prosody.ts';
export {
  findRtpengine,
  RTPENGINE_INSTALL,
  type RtpengineOptions,
  type RtpengineServer,
  startRtpengine,
} from './rtpengine/rtpengine.ts';
export { freePort } from './sip-phone/free-port.ts';
export { strangerInvites } from './sip-phone/stranger.ts';
export { chromiumSipjsDriver, firefoxSipjsDriver } from './sipjs-browsers.ts';
export { runSipp, type SippResult, type SippRun, type SippRunOptions } from './sipp/run-sipp.ts';
export { SIPP_INSTALL, sippDriver } from './sipp/sipp.ts';
export { chromiumStanzaDriver, firefoxStanzaDriver } from './stanza-browsers.ts';
export type { XmppServerOptions, XmppServerPeer, XmppServerPorts } from './xmpp-server/server-options.ts';
