import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRoute, type Route, writeRoute } from './route.ts';

describe('the route', () => {
  it('is readable in the address', () => {
    expect(writeRoute({ cell: 'triangle/ws/chromium--firefox', check: 'audio' })).toBe(
      '#cell=triangle/ws/chromium--firefox&check=audio',
    );
    expect(writeRoute({ q: 'verdict:failed two words' })).toBe('#q=verdict:failed%20two%20words');
    expect(writeRoute({})).toBe('#');
  });

  it('leaves out what it does not know', () => {
    expect(parseRoute('#cell=a&colour=red&check=')).toEqual({ cell: 'a' });
    expect(parseRoute('')).toEqual({});
    expect(parseRoute('#%E0%A4%A')).toEqual({});
  });

  it('comes back as it was written', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    const route = fc.record({ q: text, cell: text, call: text, check: text }, { requiredKeys: [] });
    fc.assert(
      fc.property(route, (value: Route) => {
        expect(parseRoute(writeRoute(value))).toEqual(value);
      }),
    );
  });

  it('writes even what is no text', () => {
    expect(writeRoute({ q: '\ud800' })).toBe('#q=%EF%BF%BD');
  });
});
