import { describe, expect, it } from 'vitest';
import { toSipAddress } from './sip-address.ts';

describe('what a phone is told to call', () => {
  it.each([
    ['bob', 'sip:bob@lab.test'],
    ['bob@elsewhere.test', 'sip:bob@elsewhere.test'],
    ['sips:bob@elsewhere.test', 'sips:bob@elsewhere.test'],
    ['tel:+15550100', 'tel:+15550100'],
  ])('%s is %s', (to, address) => {
    expect(toSipAddress(to, 'lab.test')).toBe(address);
  });
});
