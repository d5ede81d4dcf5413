import { runPage } from './run-page.ts';
import { webSignaling } from './web-signaling.ts';

runPage(webSignaling);
