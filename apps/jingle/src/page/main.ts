import { runPage } from '@crosspoint/web-phone/browser';
import { stanzaSignaling } from './stanza-signaling.ts';

runPage(stanzaSignaling());
