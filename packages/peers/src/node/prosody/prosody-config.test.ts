import { describe, expect, it } from 'vitest';
import { writeEjabberdConfig } from '../ejabberd/ejabberd-config.ts';
import { storeName, writeAccount, writeProsodyConfig, writeRoster } from './prosody-config.ts';

const PORTS = { client: 1, server: 2, http: 3, component: 4 };
const OPTIONS = {
  folder: '/x',
  address: '127.0.0.1',
  domain: 'one.test',
  tls: { cert: '', key: '' },
  servers: { 'two.test': { host: '127.0.0.1', port: 5 } },
  components: { 'gw.one.test': 'secret' },
};

describe('configurations of XMPP servers', () => {
  it('have the ways to other servers, the components, and no certificate that nobody can check', () => {
    const text = writeProsodyConfig(OPTIONS, PORTS, '/home');
    expect(text).toContain('crosspoint_routes = { ["two.test"] = { "127.0.0.1", 5 } }');
    expect(text).toContain('Component "gw.one.test"\n  component_secret = "secret"');
    expect(text).toContain('modules_disabled = { "s2s_auth_certs" }');
    expect(writeProsodyConfig({ ...OPTIONS, tls: { cert: '', key: '', ca: 'x' } }, PORTS, '/home')).toContain(
      'cafile',
    );
    const yaml = JSON.parse(writeEjabberdConfig(OPTIONS, PORTS, '/home'));
    expect(yaml.listen).toContainEqual(
      expect.objectContaining({ hosts: { 'gw.one.test': { password: 'secret' } } }),
    );
  });

  it.each(['a"b', 'a\\b', 'a\nb', ''])('refuse the secret %j', (secret) => {
    expect(() => writeProsodyConfig({ ...OPTIONS, components: { gw: secret } }, PORTS, '/home')).toThrow(
      RangeError,
    );
    expect(() => writeEjabberdConfig({ ...OPTIONS, components: { gw: secret } }, PORTS, '/home')).toThrow(
      RangeError,
    );
    expect(() => writeAccount(secret)).toThrow(RangeError);
  });

  it.each(['a"]', '../x', ''])('refuse the domain %j', (domain) => {
    expect(() => writeProsodyConfig({ ...OPTIONS, domain }, PORTS, '/home')).toThrow(RangeError);
    expect(() => writeEjabberdConfig({ ...OPTIONS, domain }, PORTS, '/home')).toThrow(RangeError);
  });

  it('write accounts and rosters as Prosody keeps them', () => {
    expect(storeName('one-a.test')).toBe('one%2da%2etest');
    expect(writeAccount('word')).toBe('return { ["password"] = "word" };\n');
    expect(writeRoster(['a@b.test'])).toContain('["a@b.test"] = { ["subscription"] = "both"');
  });
});
