import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Driver, PeerManifest } from '@crosspoint/peers';
import {
  baresipDriver,
  COTURN_INSTALL,
  chromiumDriver,
  chromiumSipjsDriver,
  chromiumStanzaDriver,
  embeddedDriver,
  embeddedJingleDriver,
  embeddedSipDriver,
  findCoturn,
  firefoxDriver,
  firefoxSipjsDriver,
  firefoxStanzaDriver,
  linphoneDriver,
  processDriver,
  sippDriver,
} from '@crosspoint/peers/node';
import type { AbsentPeer, PeerRecord } from '@crosspoint/report';
import { LabError } from './lab-error.ts';

/** A peer that is there. */
export interface FoundPeer {
  readonly driver: Driver;
  readonly manifest: PeerManifest;
  readonly kind: 'browser' | 'program';
}

/** The drivers that the lab comes with. */
export function ownDrivers(): Driver[] {
  return [
    ...[embeddedDriver(), chromiumDriver(), firefoxDriver()],
    ...[embeddedSipDriver(), baresipDriver(), linphoneDriver(), sippDriver()],
    ...[chromiumSipjsDriver(), firefoxSipjsDriver()],
    ...[embeddedJingleDriver(), chromiumStanzaDriver(), firefoxStanzaDriver()],
  ];
}

/**
 * Starts every peer once and asks it what it is. `wanted`: only these, and each must be there.
 * @param folders outside peers, by the folder of their manifest
 * @throws LabError `usage` where a wanted peer is unknown or not there
 */
export async function findPeers(
  wanted: readonly string[] | undefined,
  folders: readonly string[],
): Promise<{ found: FoundPeer[]; absent: AbsentPeer[] }> {
  for (const folder of folders) {
    if (!existsSync(join(folder, 'peer.json')))
      throw new LabError('usage', `--peer ${folder}: there is no peer.json`);
  }
  const outside = folders.map((folder) => processDriver(folder));
  const known = [...ownDrivers(), ...outside];
  for (const id of wanted ?? []) {
    if (!known.some((driver) => driver.id === id)) {
      throw new LabError('usage', `there is no peer ${id}; known: ${known.map(({ id }) => id).join(', ')}`);
    }
  }
  const asked = known.filter(
    (driver) => wanted === undefined || wanted.includes(driver.id) || outside.includes(driver),
  );
  const findings = await Promise.all(asked.map(async (driver) => ({ driver, finding: await driver.find() })));
  const found: FoundPeer[] = [];
  const absent: AbsentPeer[] = [];
  for (const { driver, finding } of findings) {
    if (finding.found) found.push({ driver, manifest: finding.manifest, kind: finding.kind });
    else if (wanted?.includes(driver.id) === true || outside.includes(driver)) {
      throw new LabError(
        'usage',
        `${driver.id}: ${finding.why}${finding.install === undefined ? '' : `; ${finding.install}`}`,
      );
    } else
      absent.push({
        id: driver.id,
        why: finding.why,
        ...(finding.install !== undefined ? { install: finding.install } : {}),
      });
  }
  if (findCoturn() === undefined)
    absent.push({ id: 'coturn', why: 'no turnserver on the path', install: COTURN_INSTALL });
  return { found, absent };
}

export function peerRecord(peer: FoundPeer): PeerRecord {
  const { id, name, version, capabilities } = peer.manifest;
  return { id, name, version, kind: peer.kind, capabilities };
}
