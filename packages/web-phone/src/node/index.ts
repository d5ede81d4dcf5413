export {
  type App,
  type AppOptions,
  type AppStart,
  PAGE,
  port,
  type RunningApp,
  runApp,
  wholeNumber,
} from './app-command.ts';
export { lanCertificate } from './certificate.ts';
export { type JoinLegsOptions, joinLegs, processTimers, type SeededChange } from './join-legs.ts';
export { type KeptUp, keepUp } from './kept-up.ts';
export { type Identity, type LabCertificates, labCertificates } from './lab-certificates.ts';
export { ownAddress } from './own-address.ts';
export { type AccountServer, type Issued, PageAccounts } from './page-accounts.ts';
export { answerAll, PARTNERS, type PartnerName, startPartner } from './partner.ts';
export { seededChange } from './seeded-change.ts';
export { type MaySee, openTraceDoor, type TraceDoor } from './trace-door.ts';
export { traceFile } from './trace-file.ts';
export { tracedLeg } from './traced-leg.ts';
export {
  startWebServer,
  type TurnAccess,
  type WebCallIn,
  type WebServer,
  type WebServerOptions,
} from './web-server.ts';
