export { UnsupportedError } from '../page/automation.ts';
export {
  failedHere,
  type Line,
  type LineEvents,
  type LineSettings,
  type MakeLine,
  type PageCall,
} from '../page/line.ts';
export { type OwnHopOptions, OwnHopTrace } from '../page/own-hop-trace.ts';
export type {
  Lacks,
  PageAccount,
  PageSignaling,
  PageTrace,
  PageTraceEvents,
} from '../page/page-signaling.ts';
export { runPage } from '../page/run-page.ts';
