import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CAPABILITIES, type Driver, type JingleOpenOptions, manifestSchema } from '@crosspoint/peers';
import {
  chromiumDriver,
  chromiumSipjsDriver,
  chromiumStanzaDriver,
  embeddedDriver,
  embeddedJingleDriver,
  firefoxDriver,
  firefoxSipjsDriver,
  firefoxStanzaDriver,
  processDriver,
  testContract,
} from '@crosspoint/peers/node';
import { XmppServer } from '@crosspoint/xmpp/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './app-process.ts';
import { buildSipPage, sipAccount } from './sip-app.ts';
import { buildStanzaPage, type StanzaServer, startStanzaServer } from './stanza-server.ts';
import { startTriangleApp } from './triangle-app.ts';

const PYTHON_PEER = fileURLToPath(new URL('../examples/python-peer', import.meta.url));

const DRIVERS: readonly [string, () => Driver][] = [
  ['embedded', embeddedDriver],
  ['chromium', chromiumDriver],
  ['firefox', firefoxDriver],
  ['the Python example', () => processDriver(PYTHON_PEER)],
];

const PHONES: readonly [string, () => Driver][] = [
  ['chromium-sipjs', chromiumSipjsDriver],
  ['firefox-sipjs', firefoxSipjsDriver],
];

describe('the contract of a peer that is a SIP phone in a page', () => {
  let app: RunningApp;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-contract-'));
    await buildSipPage();
    app = await startApp('sip');
  });
  afterAll(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(PHONES)('is kept by %s', async (name, driver) => {
    const report = await testContract(driver(), {
      folder: join(folder, name),
      serverUrl: app.facts.url,
      registrar: (user) => sipAccount(app, user),
    });
    expect(report.steps.filter((step) => !step.ok)).toEqual([]);
    expect(report.steps.map((step) => step.name)).toContain('tells of a registration that is refused');
    expect(report.steps.length).toBeGreaterThanOrEqual(9);
  });

  it.each(PHONES)('%s says of everything else in words why it is not there', async (_name, driver) => {
    const program = await driver().start({ folder });
    try {
      const { capabilities } = program.manifest;
      const endpoint = await program.endpoint('asked');
      for (const feature of CAPABILITIES.filter((each) => !capabilities.includes(each))) {
        const why = await endpoint
          .ask('probe', { feature, url: app.facts.url })
          .then(() => 'it has it', String);
        expect([feature, why]).toEqual([feature, expect.stringMatching(/SIP|RFC|browser|registrar/)]);
        expect(why).not.toContain('unknown feature');
      }
    } finally {
      await program.stop();
    }
  });
});

describe('the contract of a peer that is a Jingle client', () => {
  const DOMAIN = 'contract.localhost';
  let server: XmppServer;
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-contract-'));
    server = new XmppServer({ domain: DOMAIN });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function account(user: string, transport: 'tcp' | 'ws'): Promise<JingleOpenOptions> {
    const service = transport === 'tcp' ? 'client' : 'websocket';
    const { port } = await server.listen({ service, host: '127.0.0.1', port: 0 });
    server.addUser(user, `${user}-word`);
    return {
      ...{ server: transport === 'tcp' ? `127.0.0.1:${port}` : `ws://127.0.0.1:${port}/xmpp`, transport },
      ...{ domain: DOMAIN, user, password: `${user}-word`, mediaAddress: '127.0.0.1', pattern: 1 },
      ...{ audioCodecs: [], videoCodecs: [], audio: true, video: false, data: false, trickle: true },
    };
  }

  it.each(['tcp', 'ws'] as const)('is kept by embedded-jingle over %s', async (transport) => {
    const report = await testContract(embeddedJingleDriver(), {
      folder: join(folder, transport),
      xmpp: (user) => account(user, transport),
    });
    expect(report.steps.filter((step) => !step.ok)).toEqual([]);
    const refusal = report.steps.find((step) => step.name === 'tells of a registration that is refused');
    expect(refusal?.words).toContain('not-authorized');
    expect(report.steps.length).toBeGreaterThanOrEqual(9);
    expect(server.counts).toMatchObject({ connections: 0, sessions: 0 });
  });

  it('embedded-jingle says of everything else in words why it is not there', async () => {
    const program = await embeddedJingleDriver().start({ folder });
    try {
      const { capabilities } = program.manifest;
      const endpoint = await program.endpoint('asked');
      for (const feature of CAPABILITIES.filter((each) => !capabilities.includes(each))) {
        const why = await endpoint.ask('probe', { feature }).then(() => 'it has it', String);
        expect([feature, why]).toEqual([
          feature,
          expect.stringMatching(/Jingle|SIP|XMPP|ICE|libjuice|encoder|TLS/),
        ]);
        expect(why).not.toContain('is not a feature');
      }
    } finally {
      await program.stop();
    }
  });
});

const CLIENT_PAGES: readonly [string, () => Driver][] = [
  ['chromium-stanza', chromiumStanzaDriver],
  ['firefox-stanza', firefoxStanzaDriver],
];

describe('the contract of a peer that is a Jingle client in a page', () => {
  let server: StanzaServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-contract-'));
    await buildStanzaPage();
    server = await startStanzaServer('contract.localhost');
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(CLIENT_PAGES)('is kept by %s', async (name, driver) => {
    const report = await testContract(driver(), {
      folder: join(folder, name),
      serverUrl: server.url,
      xmpp: async (user) => server.account(user, 1),
    });
    expect(report.steps.filter((step) => !step.ok)).toEqual([]);
    const refusal = report.steps.find((step) => step.name === 'tells of a registration that is refused');
    expect(refusal?.words).toContain('not-authorized');
    expect(report.steps.length).toBeGreaterThanOrEqual(9);
  });

  it.each(CLIENT_PAGES)('%s says of everything else in words why it is not there', async (_name, driver) => {
    const program = await driver().start({ folder });
    try {
      const { capabilities } = program.manifest;
      const endpoint = await program.endpoint('asked');
      for (const feature of CAPABILITIES.filter((each) => !capabilities.includes(each))) {
        const why = await endpoint.ask('probe', { feature, url: server.url }).then(() => 'it has it', String);
        expect([feature, why]).toEqual([
          feature,
          expect.stringMatching(/stanza|Jingle|SIP|XMPP|XEP|RFC|browser|this page/),
        ]);
        expect(why).not.toContain('unknown feature');
      }
    } finally {
      await program.stop();
    }
  });
});

describe('the contract of a peer', () => {
  let app: Awaited<ReturnType<typeof startTriangleApp>>;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-contract-'));
    app = await startTriangleApp();
  });
  afterAll(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(DRIVERS)('is kept by %s', async (name, driver) => {
    const report = await testContract(driver(), {
      folder: join(folder, name.replaceAll(' ', '-')),
      serverUrl: app.url,
    });
    expect(report.steps.filter((step) => !step.ok)).toEqual([]);
    expect(report.steps.length).toBeGreaterThanOrEqual(9);
  });

  it.each(DRIVERS)('finds %s with a manifest of its schema', async (_name, driver) => {
    const finding = await driver().find();
    expect(finding.found && manifestSchema.safeParse(finding.manifest).error?.message).toBe(undefined);
    expect(finding.found).toBe(true);
  });
});
