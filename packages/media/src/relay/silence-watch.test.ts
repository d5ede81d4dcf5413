import { open } from '@crosspoint/sdp';
import { describe, expect, it } from 'vitest';
import { SilenceWatch } from './silence-watch.ts';

const sdp = (way: string, port = 4000) =>
  open(`v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\na=${way}\r\n`);

function watch(): SilenceWatch {
  const made = new SilenceWatch(3000);
  made.described('caller', sdp('sendrecv'));
  made.described('callee', sdp('sendrecv'));
  return made;
}

describe('a side that falls silent', () => {
  it('is told after the time, and not while packets come', () => {
    const each = watch();
    expect(each.look(1000, { caller: 5, callee: 5 })).toBeUndefined();
    expect(each.look(1000, { caller: 9, callee: 5 })).toBeUndefined();
    expect(each.look(1000, { caller: 12, callee: 5 })).toBeUndefined();
    expect(each.look(1000, { caller: 15, callee: 5 })).toBe('nothing came from the callee for 3 s');
    expect(each.look(1000, { caller: 15, callee: 6 })).toBeUndefined();
  });

  it('is not one that was never heard: it may still be connecting', () => {
    const each = watch();
    for (let second = 1; second < 60; second++)
      expect(each.look(1000, { caller: second, callee: 0 })).toBeUndefined();
  });

  it.each(['sendonly', 'inactive', 'recvonly'])('is none while a side holds (%s)', (way) => {
    const each = watch();
    each.look(1000, { caller: 5, callee: 5 });
    each.described('caller', sdp(way));
    each.described('callee', sdp(way === 'sendonly' ? 'recvonly' : way === 'recvonly' ? 'sendonly' : way));
    for (let second = 1; second < 60; second++)
      expect(each.look(1000, { caller: 5, callee: 5 })).toBeUndefined();
    each.described('caller', sdp('sendrecv'));
    each.described('callee', sdp('sendrecv'));
    expect(each.look(3000, { caller: 5, callee: 5 })).toBe('nothing came from the caller for 3 s');
  });
});
