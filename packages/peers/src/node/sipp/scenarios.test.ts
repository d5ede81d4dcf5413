import { describe, expect, it } from 'vitest';
import { calleeScenario } from './callee-scenario.ts';
import { callerScenario } from './caller-scenario.ts';
import { registerScenario } from './register-scenario.ts';

const caller = callerScenario({
  ...{ user: 'alice', domain: 'lab.test', password: 'word', to: 'sip:bob@lab.test', sdp: 'v=0\r\ns=-\r\n' },
});
const register = registerScenario({
  ...{
    user: 'alice',
    domain: 'lab.test',
    password: 'word',
    contact: 'sip:alice@127.0.0.1:5070',
    expires: 60,
  },
});

describe("SIPp's scenarios", () => {
  it.each([
    ['caller', caller],
    [
      'caller without an offer',
      callerScenario({ user: 'alice', domain: 'lab.test', password: 'word', to: 'sip:bob@lab.test' }),
    ],
    ['callee', calleeScenario('bob')],
    ['register', register],
  ])('the %s leads nowhere that is not there, and is short enough for SIPp', (_, xml) => {
    const labels = [...xml.matchAll(/<label id="(\d+)"\/>/g)].map((found) => found[1]);
    const targets = new Set([...xml.matchAll(/ next="(\d+)"/g)].map((found) => found[1]));
    expect(new Set(labels).size).toBe(labels.length);
    expect([...targets].filter((target) => !labels.includes(target))).toEqual([]);
    expect(Buffer.byteLength(xml)).toBeLessThan(65_536);
  });
});
