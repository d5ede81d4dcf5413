import type { LocalOrigin, LocalSection, LocalTransport } from '../embedded/sdp-write.ts';
import { eventLines } from '../embedded/telephone-events.ts';

const CNAME = 'embedded-sip';

interface DefaultAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Writes an offer or an answer of a SIP phone: one audio section with telephone-events, all candidates, and one of them
 * in the lines that an end without ICE reads (RFC 8839 section 4.2.1). A connection address 0.0.0.0 with port 9, as web
 * pages write it, is a call on hold to many SIP phones.
 */
export function writePhoneSdp(
  origin: LocalOrigin,
  sections: readonly LocalSection[],
  transport: LocalTransport,
): string {
  const place = defaultAddress(transport.candidates);
  const connection = `IN IP${place.host.includes(':') ? 6 : 4} ${place.host}`;
  const mids = sections.flatMap((section) => (section.use === 'audio' ? (section.mid ?? []) : []));
  const lines = [
    'v=0',
    `o=- ${origin.id} ${origin.version} ${connection}`,
    's=-',
    `c=${connection}`,
    't=0 0',
    ...(mids.length > 0 ? [`a=group:BUNDLE ${mids.join(' ')}`] : []),
    'a=ice-options:ice2',
  ];
  for (const section of sections) {
    if (section.use === 'audio') lines.push(...audioLines(section, transport, place.port));
    else if (section.use === 'refused') {
      lines.push(`m=${section.kind} 0 ${section.protocol} ${section.formats.join(' ')}`);
      if (section.mid !== undefined) lines.push(`a=mid:${section.mid}`);
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

function audioLines(
  section: LocalSection & { use: 'audio' },
  transport: LocalTransport,
  port: number,
): string[] {
  const types = section.codecs.map(({ payloadType }) => payloadType);
  const all = section.eventType === undefined ? types : [...types, section.eventType];
  return [
    `m=audio ${port} UDP/TLS/RTP/SAVPF ${all.join(' ')}`,
    ...(section.mid === undefined ? [] : [`a=mid:${section.mid}`]),
    ...section.codecs.map(({ payloadType, name }) => `a=rtpmap:${payloadType} ${name}/8000`),
    ...eventLines(section.eventType),
    'a=ptime:20',
    `a=${section.direction}`,
    'a=rtcp-mux',
    `a=ssrc:${section.ssrc} cname:${CNAME}`,
    `a=ice-ufrag:${transport.ufrag}`,
    `a=ice-pwd:${transport.password}`,
    `a=fingerprint:${transport.fingerprint}`,
    `a=setup:${transport.setup}`,
    ...transport.candidates.map((candidate) => `a=${candidate}`),
    ...(transport.complete ? ['a=end-of-candidates'] : []),
  ];
}

/** The candidate most likely to be reached by whoever knows no ICE: our own address, IPv4 before IPv6. */
function defaultAddress(candidates: readonly string[]): DefaultAddress {
  const places = candidates.flatMap((candidate) => {
    const found = /^candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/i.exec(candidate);
    return found === null ? [] : [{ host: found[1]!, port: Number(found[2]) }];
  });
  return places.find(({ host }) => !host.includes(':')) ?? places[0] ?? { host: '0.0.0.0', port: 9 };
}
