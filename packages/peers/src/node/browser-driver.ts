import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core';
import { PEER_CONTRACT, type PeerManifest, WEB_CAPABILITIES } from '../contract.ts';
import type { Driver, Endpoint, Exit, Finding, Program, Surroundings } from '../driver.ts';
import { PeerError } from '../peer-error.ts';
import { PageEndpoint } from './page-endpoint.ts';
import { findProgram } from './program-path.ts';

/** What one kind of browser needs to be driven. */
export interface BrowserKind {
  readonly id: string;
  readonly name: string;
  /** Names of the executable, in order of liking. */
  readonly programs: readonly string[];
  /** The environment variable that names another executable. */
  readonly override: string;
  readonly install: string;
  readonly launch: LaunchOptions;
}

/** Which page of an app a driver opens, and what that can. */
export interface DrivenPage {
  readonly id: string;
  readonly name: string;
  readonly joins: PeerManifest['joins'];
  /** Where it is, seen from the web server's address. */
  readonly path: string;
  readonly capabilities: readonly string[];
  /** What stands behind the browser's version: that of a library in the page. */
  readonly version?: string;
}

/** How long a browser may take to start, in milliseconds: one that takes longer does not start at all. */
const START_MS = 45_000;
const CLOSE_MS = 5000;
const CODECS = { audio: ['opus', 'PCMU', 'PCMA', 'G722'], video: ['VP8', 'VP9', 'H264', 'AV1'] };

/** A driver for a stock browser: it opens the app's own page and uses what the page exposes for automation. */
export function browserDriver(kind: BrowserKind, page: DrivenPage = webPage(kind)): Driver {
  const path = (): string | undefined => process.env[kind.override] ?? findProgram(kind.programs);
  return {
    id: page.id,
    async find(): Promise<Finding> {
      const executable = path();
      if (executable === undefined) {
        return { found: false, why: `no ${kind.programs.join(' or ')} on the path`, install: kind.install };
      }
      const folder = await mkdtemp(join(tmpdir(), `crosspoint-${kind.id}-`));
      try {
        const program = await start(kind, page, executable, { folder });
        await program.stop();
        return { found: true, manifest: program.manifest, kind: 'browser' };
      } catch (error) {
        return { found: false, why: `${executable} does not start: ${words(error)}`, install: kind.install };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async start(surroundings) {
      const executable = path();
      if (executable === undefined) throw new PeerError('failed', page.id, `there is no ${kind.name} here`);
      return start(kind, page, executable, surroundings);
    },
  };
}

function webPage({ id, name }: BrowserKind): DrivenPage {
  return { id, name, joins: 'web', path: '', capabilities: WEB_CAPABILITIES };
}

async function start(
  kind: BrowserKind,
  driven: DrivenPage,
  executablePath: string,
  surroundings: Surroundings,
): Promise<Program> {
  const profile = await mkdtemp(join(tmpdir(), `crosspoint-profile-${kind.id}-`));
  let browser: Browser;
  try {
    browser = await puppeteer.launch({
      ...kind.launch,
      executablePath,
      userDataDir: profile,
      timeout: START_MS,
      protocolTimeout: 120_000,
      // The lab stops what it started itself, in its order.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    await rm(profile, { recursive: true, force: true });
    throw new PeerError('failed', driven.id, `${kind.name} did not start: ${words(error).split('\n')[0]}`);
  }
  const process_ = browser.process()!;
  process_.stderr?.pipe(createWriteStream(join(surroundings.folder, `${driven.id}.log`), { flags: 'a' }));
  let asked = false;
  const endpoints = new Set<PageEndpoint>();
  const exited = new Promise<Exit>((resolve) => {
    const over = (code: number | null, signal: string | null): void => {
      const exit = { code, signal, asked };
      for (const endpoint of endpoints) endpoint.programEnded(exit);
      void rm(profile, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
      resolve(exit);
    };
    if (process_.exitCode !== null) over(process_.exitCode, process_.signalCode);
    else process_.once('exit', over);
  });
  let version: string;
  let codecs: string[];
  try {
    version = await browser.version();
    codecs = await codecsOf(browser);
  } catch (error) {
    process_.kill('SIGKILL');
    await exited;
    throw new PeerError('failed', driven.id, `${kind.name} started and does not answer: ${words(error)}`);
  }
  const manifest: PeerManifest = {
    contract: PEER_CONTRACT,
    id: driven.id,
    name: driven.name,
    version: driven.version === undefined ? version : `${version}, ${driven.version}`,
    joins: driven.joins,
    command: [executablePath],
    capabilities: [...driven.capabilities, ...codecs],
  };
  return {
    manifest,
    pid: process_.pid!,
    exited,
    async endpoint(label): Promise<Endpoint> {
      if (process_.exitCode !== null || process_.signalCode !== null)
        throw new PeerError('died', label, `${label}: the browser is gone`);
      const endpoint = new PageEndpoint(label, await browser.newPage(), driven.path, () =>
        endpoints.delete(endpoint),
      );
      endpoints.add(endpoint);
      return endpoint;
    },
    async stop() {
      asked = true;
      for (const endpoint of [...endpoints]) endpoint.abandon();
      const closing = browser.close().catch(() => {});
      const late = setTimeout(() => process_.kill('SIGKILL'), CLOSE_MS);
      await exited;
      clearTimeout(late);
      await Promise.race([closing, exited]);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
    },
  };
}

/** Asks the browser itself which codecs it has (webrtc-pc section 5.3.1): builds of one version differ. */
async function codecsOf(browser: Browser): Promise<string[]> {
  const page = await browser.newPage();
  try {
    // As text: what a transpiler adds to a function (names, coverage) is not there in the page.
    const has = (await page.evaluate(
      `['audio', 'video'].flatMap((kind) => (RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []).map((codec) => codec.mimeType.toLowerCase()))`,
    )) as string[];
    return [
      ...CODECS.audio.filter((codec) => has.includes(`audio/${codec.toLowerCase()}`)),
      ...CODECS.video.filter((codec) => has.includes(`video/${codec.toLowerCase()}`)),
    ].map((codec) => `codec:${codec}`);
  } finally {
    await page.close();
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
