import type { SipOpenOptions } from '../../contract.ts';
import { EAR_CHANNELS, EAR_RATE } from './alsa-ear.ts';

/** The rate of the sound that it plays: the pattern ends below 3 kHz. */
export const VOICE_RATE = 8000;

export interface BaresipPlaces {
  /** Of its SIP over UDP and TCP; it takes the next port for TLS, whether that is used or not. */
  readonly sipAddress: string;
  readonly sipPort: number;
  readonly controlPort: number;
  /** An even port, with the next one free. */
  readonly rtpPort: number;
  readonly voice: string;
  readonly modules: string;
}

/** baresip's configuration file, without an account: that one is made at run time. */
export function writeBaresipConfig(options: SipOpenOptions, places: BaresipPlaces): string {
  const modules = ['g711', 'opus', 'aufile', 'alsa', 'ice', 'srtp', 'dtls_srtp'];
  return [
    'poll_method epoll',
    `sip_listen ${places.sipAddress}:${places.sipPort}`,
    'sip_trans_def udp',
    'call_local_timeout 120',
    'call_max_calls 4',
    'call_hold_other_calls no',
    `audio_source aufile,${places.voice}`,
    'audio_player alsa,ear',
    'audio_alert alsa,ear',
    `ausrc_srate ${VOICE_RATE}`,
    'ausrc_channels 1',
    `auplay_srate ${EAR_RATE}`,
    `auplay_channels ${EAR_CHANNELS}`,
    'auenc_format s16',
    'audec_format s16',
    'ausrc_format s16',
    'auplay_format s16',
    'audio_level no',
    'audio_buffer 80-500',
    `rtp_ports ${places.rtpPort}-${places.rtpPort + 99}`,
    `rtcp_mux ${options.media === 'ice-dtls' ? 'yes' : 'no'}`,
    'jitter_buffer_type fixed',
    'jitter_buffer_delay 1-10',
    'rtp_stats yes',
    // A far side that died is noticed, and the call ends.
    'rtp_timeout 15',
    `net_interface ${options.mediaAddress}`,
    'dns_server 127.0.0.1:53',
    `module_path ${places.modules}`,
    ...modules.map((name) => `module ${name}.so`),
    'module_tmp account.so',
    'module_app menu.so',
    'module_app debug_cmd.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${places.controlPort}`,
    // Tones of its own would be heard in the call's sound.
    ...['ring', 'ringback', 'callwaiting', 'busy', 'error', 'notfound'].map((tone) => `${tone}_aufile none`),
    '',
  ].join('\n');
}

const CODECS: Readonly<Record<string, string>> = {
  opus: 'opus/48000/2',
  PCMU: 'PCMU/8000/1',
  PCMA: 'PCMA/8000/1',
};
const MEDIA: Readonly<Record<SipOpenOptions['media'], string>> = {
  'ice-dtls': ';medianat=ice;mediaenc=dtls_srtp',
  rtp: '',
  sdes: ';mediaenc=srtp-mand',
};

/** The account of `uanew`. @throws RangeError for a codec that it does not have, or a name that would end the line */
export function writeBaresipAccount(options: SipOpenOptions): string {
  const { user, domain, password, server, transport } = options;
  for (const text of [user, domain, password, server]) {
    if (!/^[^\s;"<>]+$/.test(text)) throw new RangeError(`"${text}" cannot stand in an account`);
  }
  const codecs = options.audioCodecs.map((name) => {
    const codec = CODECS[name];
    if (codec === undefined) throw new RangeError(`no codec ${name}`);
    return codec;
  });
  return [
    `<sip:${user}@${domain};transport=${transport}>`,
    `;auth_user=${user};auth_pass=${password}`,
    `;outbound="sip:${server};transport=${transport}"`,
    ';regint=300;answermode=manual;call_transfer=yes',
    MEDIA[options.media],
    codecs.length === 0 ? '' : `;audio_codecs=${codecs.join(',')}`,
  ].join('');
}
