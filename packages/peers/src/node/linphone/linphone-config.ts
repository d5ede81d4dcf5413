import type { SipOpenOptions } from '../../contract.ts';

export interface LinphonePlaces {
  readonly sipAddress: string;
  readonly sipPort: number;
  /** The first of its media ports. */
  readonly rtpPort: number;
  /** The folder in which its certificate for DTLS is. */
  readonly certificates: string;
}

/** The names of the sound devices that PulseAudio's null sinks have in linphone. */
const EAR = 'PulseAudio Unknown: Null Output';
const MOUTH = 'PulseAudio Unknown: Remapped Monitor of Null Output';

/**
 * linphone's configuration (`linphonerc`) with one account.
 * @throws RangeError for text that cannot stand in it
 */
export function writeLinphoneConfig(options: SipOpenOptions, places: LinphonePlaces): string {
  const { user, domain, password, server, transport } = options;
  for (const text of [user, domain, password, server]) {
    if (!/^[^\s"<>]+$/.test(text)) throw new RangeError(`"${text}" cannot stand in linphone's configuration`);
  }
  const ice = options.media === 'ice-dtls';
  const encryption = { 'ice-dtls': 'dtls', rtp: 'none', sdes: 'srtp' }[options.media];
  const proxy = `<sip:${server};transport=${transport}>`;
  const sections: Record<string, readonly string[]> = {
    sip: [
      `media_encryption=${encryption}`,
      `media_encryption_mandatory=${encryption === 'none' ? 0 : 1}`,
      `sip_port=${transport === 'udp' ? places.sipPort : 0}`,
      `sip_tcp_port=${transport === 'tcp' ? places.sipPort : 0}`,
      'sip_tls_port=0',
      `bind_address=${places.sipAddress}`,
      'default_proxy=0',
      'guess_hostname=0',
      `contact="${user}" <sip:${user}@${places.sipAddress}>`,
      'use_ipv6=0',
      'inc_timeout=120',
      'ping_with_options=0',
      'auto_send_ringing=1',
      `use_ice=${ice ? 1 : 0}`,
    ],
    net: ['mtu=1300', `firewall_policy=${ice ? 'ice' : 'none'}`, ...(ice ? ['nat_policy_ref=lab'] : [])],
    ...(ice ? { nat_policy_0: ['ref=lab', 'protocols=ice'] } : {}),
    rtp: [
      `audio_rtp_port=${places.rtpPort}-${places.rtpPort + 99}`,
      `rtcp_mux=${ice ? 1 : 0}`,
      'audio_jitt_comp=60',
      // It refuses the media of a wrong fingerprint, and ends the call only because none comes.
      'nortp_timeout=10',
    ],
    sound: [
      `playback_dev_id=${EAR}`,
      `media_dev_id=${EAR}`,
      `ringer_dev_id=${EAR}`,
      `capture_dev_id=${MOUTH}`,
      'echocancellation=0',
      'agc=0',
      'noisesuppression=0',
    ],
    // Who calls during a call is told that it is busy.
    misc: ['store_friends=0', 'max_calls=1', `user_certificates_path=${places.certificates}`],
    video: ['enabled=0', 'capture=0', 'display=0', 'automatically_initiate=0', 'automatically_accept=0'],
    proxy_0: [
      `reg_proxy=${proxy}`,
      // Without a route an outgoing call looks for the domain's own server.
      `reg_route=${proxy.replace('>', ';lr>')}`,
      `reg_identity=sip:${user}@${domain}`,
      'reg_expires=300',
      'reg_sendregister=1',
      'publish=0',
      ...(ice ? ['nat_policy_ref=lab'] : []),
    ],
    auth_info_0: [`username=${user}`, `passwd=${password}`, `realm=${domain}`, `domain=${domain}`],
    ...codecSections(options.audioCodecs),
  };
  return Object.entries(sections)
    .map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`)
    .join('\n');
}

const CODECS: Readonly<Record<string, readonly string[]>> = {
  opus: ['mime=opus', 'rate=48000', 'channels=2'],
  PCMU: ['mime=PCMU', 'rate=8000', 'channels=1'],
  PCMA: ['mime=PCMA', 'rate=8000', 'channels=1'],
};

function codecSections(wanted: readonly string[]): Record<string, readonly string[]> {
  const names = wanted.length === 0 ? Object.keys(CODECS) : wanted;
  const off = Object.keys(CODECS).filter((name) => !names.includes(name));
  const all = [...names.map((name) => [name, 1] as const), ...off.map((name) => [name, 0] as const)];
  return Object.fromEntries(
    all.map(([name, on], at) => {
      const codec = CODECS[name];
      if (codec === undefined) throw new RangeError(`no codec ${name}`);
      return [`audio_codec_${at}`, [...codec, `enabled=${on}`]] as const;
    }),
  );
}
