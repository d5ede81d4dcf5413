import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CAPABILITIES, type Driver, manifestSchema } from '@crosspoint/peers';
import {
  chromiumDriver,
  chromiumSipjsDriver,
  embeddedDriver,
  firefoxDriver,
  firefoxSipjsDriver,
  processDriver,
  testContract,
} from '@crosspoint/peers/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './app-process.ts';
import { buildSipPage, sipAccount } from './sip-app.ts';
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
