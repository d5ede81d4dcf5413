import { describe, expect, it } from 'vitest';
import { writePeers } from './peer-listing.ts';

describe('writePeers', () => {
  it('shows who is here with what they can do, and how to get the others', () => {
    expect(
      writePeers([
        {
          found: true,
          id: 'embedded',
          name: 'Embedded peer',
          version: '1.0\u001b[2J',
          kind: 'program',
          capabilities: ['call', 'audio'],
        },
        { found: false, id: 'firefox', why: 'not on the path', install: 'apt-get install firefox-esr' },
        { found: false, id: 'own', why: 'it ended' },
      ]),
    ).toBe(
      [
        '✓ embedded  program  Embedded peer, 1.0\\u{1b}[2J',
        '    call, audio',
        '',
        '– firefox   absent   not on the path; apt-get install firefox-esr',
        '',
        '– own       absent   it ended',
        '',
      ].join('\n'),
    );
  });
});
