import { detectPattern } from '@crosspoint/media';
import { afterEach, describe, expect, it } from 'vitest';
import { PhoneMedia } from './phone-media.ts';

/** What a media said, and who waits for it. */
interface Told {
  readonly media: PhoneMedia;
  readonly states: string[];
  readonly held: boolean[];
  readonly digits: string[];
  until(state: string): Promise<void>;
}

let made: PhoneMedia[] = [];
afterEach(() => {
  for (const media of made) media.close();
  made = [];
});

function media(pattern: number): Told {
  const states: string[] = [];
  const held: boolean[] = [];
  const digits: string[] = [];
  const waiting = new Map<string, () => void>();
  const one = new PhoneMedia(
    { pattern, codecs: ['PCMU', 'PCMA'], mediaAddress: '127.0.0.1', random: Math.random },
    {
      state(state) {
        states.push(state);
        waiting.get(state)?.();
      },
      held: (on) => held.push(on),
      digit: (digit) => digits.push(digit),
      trouble: (words) => states.push(words),
    },
  );
  made.push(one);
  const until = (state: string): Promise<void> =>
    new Promise((resolve) => {
      if (states.includes(state)) resolve();
      else waiting.set(state, resolve);
    });
  return { media: one, states, held, digits, until };
}

/** Offer and answer, as SIP.js does them. */
async function exchange(
  from: Told,
  to: Told,
  change: (sdp: string) => string = (sdp) => sdp,
): Promise<{ offer: string; answer: string }> {
  const { body: offer } = await from.media.getDescription();
  await to.media.setDescription(offer);
  const { body: answer } = await to.media.getDescription();
  await from.media.setDescription(change(answer));
  return { offer, answer };
}

async function heard({ media: { sound } }: Told): Promise<number[]> {
  const { pcm, startedAt } = await sound.hear(700);
  return detectPattern(pcm, 8000, { startWallClockMs: startedAt }).heard.map(({ id }) => id);
}

describe('the media of a phone', () => {
  it('is agreed, heard, held and dialled through', async () => {
    const [one, other] = [media(3), media(7)];
    const { offer, answer } = await exchange(one, other);
    for (const sdp of [offer, answer]) {
      const port = /^a=candidate:\S+ 1 UDP \d+ 127\.0\.0\.1 (\d+) typ host/im.exec(sdp)?.[1];
      expect(sdp).toContain('\r\nc=IN IP4 127.0.0.1\r\n');
      expect(sdp).toContain(`\r\nm=audio ${port} UDP/TLS/RTP/SAVPF 0 8 101\r\n`);
      expect(sdp).toContain('\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n');
      expect(sdp).toContain('\r\na=end-of-candidates\r\n');
      expect(sdp).not.toContain('trickle');
    }
    await Promise.all([one.until('connected'), other.until('connected')]);
    expect(await Promise.all([heard(one), heard(other)])).toEqual([[7], [3]]);
    await one.media.sound.dial('42#', 60);
    one.media.holding = true;
    const { answer: onHold } = await exchange(one, other);
    expect(onHold).toContain('\r\na=recvonly\r\n');
    expect(onHold).toContain(/a=setup:\w+/.exec(answer)![0]);
    expect(await Promise.all([heard(one), heard(other)])).toEqual([[], []]);
    expect([one.held, other.held, other.digits.join('')]).toEqual([[], [true], '42#']);
  });

  it('fails where the certificate is not the one that was described', async () => {
    const [one, other] = [media(3), media(7)];
    await exchange(one, other, (sdp) =>
      sdp.replace(/(?<=a=fingerprint:sha-256 )./, (digit) => (digit === '0' ? '1' : '0')),
    );
    await one.until('failed');
    expect(one.states).not.toContain('connected');
    expect(await heard(one)).toEqual([]);
  });

  it('goes on as it was where an offer is refused', async () => {
    const [one, other] = [media(3), media(7)];
    const { offer } = await exchange(one, other);
    await Promise.all([one.until('connected'), other.until('connected')]);
    await other.media.setDescription(offer.replace(/a=ice-ufrag:.*/, 'a=ice-ufrag:other'));
    await expect(other.media.getDescription()).rejects.toThrow('cannot restart ICE');
    await other.media.rollbackDescription();
    await expect(one.media.setDescription('v=0\r\nm=video 9 RTP/AVP 96\r\n')).rejects.toThrow(
      'neither G.711',
    );
    await exchange(other, one);
    expect(await Promise.all([heard(one), heard(other)])).toEqual([[7], [3]]);
  });

  it('sends no digits where the far side named no telephone-events', async () => {
    const [one, other] = [media(3), media(7)];
    await exchange(one, other, (sdp) =>
      sdp.replace(/ 101\r\n/, '\r\n').replace(/a=(rtpmap|fmtp):101.*\r\n/g, ''),
    );
    await expect(one.media.sound.dial('1', 60)).rejects.toThrow('no telephone-events');
  });

  it('is refused to who asks after the end', async () => {
    const one = media(3);
    one.media.close();
    await expect(one.media.getDescription()).rejects.toThrow('the call is over');
  });
});
