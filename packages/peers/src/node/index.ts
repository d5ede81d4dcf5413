export { chromiumDriver } from './chromium.ts';
export {
  type ContractReport,
  type ContractStep,
  type ContractTestOptions,
  testContract,
} from './contract-test.ts';
export { COTURN_INSTALL, findCoturn, startCoturn, type TurnServer } from './coturn.ts';
export { embeddedDriver } from './embedded-driver.ts';
export { firefoxDriver } from './firefox.ts';
export { type ProcessDriverOptions, processDriver, readManifest } from './process-driver.ts';
export { findProgram } from './program-path.ts';
