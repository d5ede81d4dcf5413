import { expect, it } from 'vitest';
import { Admission } from './admission.ts';
import { TokenBucket } from './token-bucket.ts';

it('a bucket lets the burst through and then the rate', () => {
  const bucket = new TokenBucket(1000, 2000, 0);
  expect(bucket.take(2000, 0)).toBe(0);
  expect(bucket.take(500, 0)).toBe(500);
  expect(bucket.take(0, 500)).toBe(0);
  expect(bucket.take(2001, 100_000)).toBe(1);
});

it('admission lets the stranger go that has waited longest', () => {
  const admission = new Admission(10, 2);
  const evicted: number[] = [];
  const guests = [1, 2, 3, 4].map((id) => ({ evict: () => evicted.push(id) }));
  for (const guest of guests.slice(0, 2)) admission.admit(guest);
  admission.known(guests[0]!);
  expect(admission.admit(guests[2]!)).toBe(true);
  expect(admission.admit(guests[3]!)).toBe(true);
  expect(evicted).toEqual([2]);
  expect([admission.size, admission.strangers]).toEqual([3, 2]);
  const full = new Admission(1, 5);
  full.admit(guests[0]!);
  full.known(guests[0]!);
  expect(full.admit(guests[1]!)).toBe(false);
});
