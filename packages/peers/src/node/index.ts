export { chromiumDriver } from './chromium.ts';
export { embeddedDriver } from './embedded-driver.ts';
export { firefoxDriver } from './firefox.ts';
export { type ProcessDriverOptions, processDriver, readManifest } from './process-driver.ts';
