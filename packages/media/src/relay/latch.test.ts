import { describe, expect, it } from 'vitest';
import { Latch } from './latch.ts';

const SIGNALLED = { address: '10.9.0.1', port: 4000 };

function latched(): Latch {
  const latch = new Latch();
  latch.signal(SIGNALLED);
  return latch;
}

describe('latching', () => {
  it('sends nowhere and takes nothing before anything was signalled', () => {
    const latch = new Latch();
    expect([latch.target, latch.accept('10.9.0.1', 4000, 1)]).toEqual([undefined, false]);
  });

  it('stays with who was signalled once that one has spoken', () => {
    const latch = latched();
    expect(latch.accept('10.9.0.1', 4000, 1)).toBe(true);
    expect(latch.accept('10.9.0.1', 4001, 1)).toBe(false);
    for (let at = 0; at < 5; at++) expect(latch.accept('10.66.6.6', 4000, 1)).toBe(false);
    expect(latch.target).toEqual(SIGNALLED);
  });

  it('follows another port of the signalled host, once', () => {
    const latch = latched();
    expect(latch.accept('10.9.0.1', 4444, 1)).toBe(true);
    expect(latch.target).toEqual({ address: '10.9.0.1', port: 4444 });
    expect(latch.accept('10.9.0.1', 4000, 1)).toBe(false);
  });

  it('believes another host after three packets of one source, of the same family, in the window', () => {
    const latch = latched();
    expect([1, 1, 1, 1].map((ssrc) => latch.accept('192.0.2.1', 5000, ssrc))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(latch.target).toEqual({ address: '192.0.2.1', port: 5000 });
    const changing = latched();
    expect([1, 2, 3, 4, 5].map((ssrc) => changing.accept('192.0.2.1', 5000, ssrc))).not.toContain(true);
    const family = latched();
    expect([1, 1, 1, 1].map((ssrc) => family.accept('2001:db8::1', 5000, ssrc))).not.toContain(true);
    const late = latched();
    late.closeWindow();
    expect([1, 1, 1, 1].map((ssrc) => late.accept('192.0.2.1', 5000, ssrc))).not.toContain(true);
    expect(late.target).toEqual(SIGNALLED);
  });

  it('keeps what it found where the same is signalled again, and begins anew for another', () => {
    const latch = latched();
    latch.accept('10.9.0.1', 4444, 1);
    latch.signal({ ...SIGNALLED });
    expect(latch.target?.port).toBe(4444);
    latch.signal({ ...SIGNALLED, port: 6000 });
    expect([latch.target?.port, latch.settled]).toEqual([6000, false]);
  });
});
