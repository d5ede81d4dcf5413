import { describe, expect, it } from 'vitest';
import {
  type Fact,
  installCommand,
  isReady,
  networkFact,
  nodeFact,
  peerFact,
  writeFacts,
} from './doctor-facts.ts';

const HERE = { id: 'embedded', name: 'Embedded', version: '1.0', kind: 'program' as const, capabilities: [] };

describe('nodeFact', () => {
  it('compares numbers, not text', () => {
    expect(nodeFact('v20.20.2', '>=20.19').state).toBe('good');
    expect(nodeFact('v20.9.0', '>=20.19').state).toBe('missing');
    expect(nodeFact('v100.0.0', '>=20.19').state).toBe('good');
    expect(nodeFact('v18.20.0', '>=20.19')).toMatchObject({ state: 'missing' });
  });
});

describe('networkFact', () => {
  it('notes that there is none, and why', () => {
    expect(networkFact({ kind: 'machine', words: "this machine's own address (no namespace: x)" })).toEqual({
      what: 'network',
      state: 'note',
      words: "no network of the lab's own; it uses this machine's own address (no namespace: x)",
    });
    expect(networkFact({ kind: 'namespace', words: 'its own' }).state).toBe('good');
  });
});

describe('the doctor', () => {
  const absent = (id: string, install: string): Fact =>
    peerFact({ found: false, id, why: 'not on the path', install });

  it('needs the embedded peer, and takes a browser that is absent for a note', () => {
    const browsers = [absent('chromium', 'apt-get install chromium')];
    expect(isReady([peerFact({ found: true, ...HERE }), ...browsers])).toBe(true);
    expect(isReady([peerFact({ found: false, id: 'embedded', why: 'it does not start' }), ...browsers])).toBe(
      false,
    );
  });

  it('makes one command of all that can be installed', () => {
    const facts = [
      absent('chromium', 'apt-get install chromium'),
      absent('firefox', 'apt-get install firefox-esr'),
      absent('coturn', 'apt-get install coturn'),
      absent('coturn', 'apt-get install coturn'),
    ];
    expect(installCommand(facts)).toBe('apt-get install chromium firefox-esr coturn');
    expect(writeFacts(facts)).toContain(
      'To install what is not here: apt-get install chromium firefox-esr coturn',
    );
    expect(writeFacts(facts)).toContain('Everything that npm start needs is here.');
  });

  it('names what stands in the way, and what mends it', () => {
    const said = writeFacts([nodeFact('v18.0.0', '>=20.19'), peerFact({ found: true, ...HERE })]);
    expect(said).toContain('✗ node');
    expect(said).toContain('To mend node: install Node 20.19');
    expect(said).toContain('npm start cannot run: node.');
    expect(installCommand([])).toBeUndefined();
  });
});
