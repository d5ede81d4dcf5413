import { runPage } from '@crosspoint/web-phone/browser';
import { sipSignaling } from './sip-signaling.ts';

runPage(sipSignaling());
