import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Driver, manifestSchema } from '@crosspoint/peers';
import {
  chromiumDriver,
  embeddedDriver,
  firefoxDriver,
  processDriver,
  testContract,
} from '@crosspoint/peers/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTriangleApp } from './triangle-app.ts';

const PYTHON_PEER = fileURLToPath(new URL('../examples/python-peer', import.meta.url));

const DRIVERS: readonly [string, () => Driver][] = [
  ['embedded', embeddedDriver],
  ['chromium', chromiumDriver],
  ['firefox', firefoxDriver],
  ['the Python example', () => processDriver(PYTHON_PEER)],
];

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
