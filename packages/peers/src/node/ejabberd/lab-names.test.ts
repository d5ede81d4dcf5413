import { Resolver } from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, LabNames } from './lab-names.ts';

const SERVERS = { 'one.test': { host: '127.0.0.1', port: 5269 } };
let names: LabNames;
const resolver = new Resolver({ timeout: 5000, tries: 1 });

beforeEach(async () => {
  names = await LabNames.start('127.0.0.1', SERVERS);
  resolver.setServers([`127.0.0.1:${names.port}`]);
});

afterEach(async () => {
  await names.stop();
});

describe('LabNames', () => {
  it('says where the server of a domain is', async () => {
    expect(await resolver.resolveSrv('_xmpp-server._tcp.ONE.test')).toMatchObject([
      { name: '127.0.0.1', port: 5269, priority: 0, weight: 0 },
    ]);
    expect(await resolver.resolve4('one.test')).toEqual(['127.0.0.1']);
  });

  it('says at once what is not there', async () => {
    await expect(resolver.resolveSrv('_xmpp-server._tcp.two.test')).rejects.toMatchObject({
      code: 'ENOTFOUND',
    });
    await expect(resolver.resolveSrv('_xmpps-server._tcp.one.test')).rejects.toMatchObject({
      code: 'ENOTFOUND',
    });
    await expect(resolver.resolve6('one.test')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(resolver.resolve4('constructor')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('leaves what is no question alone', () => {
    const header = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    expect(answer(Buffer.from('x'), SERVERS)).toBeUndefined();
    expect(answer(Buffer.from([...header, 63, 97, 98, 99, 0, 0]), SERVERS)).toBeUndefined();
    expect(answer(Buffer.from([...header, 0xc0, 12, 0, 1, 0, 1]), SERVERS)).toBeUndefined();
    expect(answer(Buffer.from([...header, 3, 97, 98, 99, 0, 0]), SERVERS)).toBeUndefined();
  });
});
