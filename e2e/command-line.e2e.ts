import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Done, expectRefusal, lab, ROOT, start } from './lab-process.ts';

const CORPUS = join(ROOT, 'packages', 'sdp', 'src', 'fixtures', 'corpus');
const CHROME_OFFER = join(CORPUS, 'made-chrome-av-cand.sdp');
const CHROME_ANSWER = join(CORPUS, 'made-chrome-av-answer.sdp');
const FIREFOX_OFFER = join(CORPUS, 'made-firefox-audio-cand.sdp');
const SILENT = join(CORPUS, 'stanza-chromium-audio-initiator-1-remote-answer.sdp');

const SIP = join(ROOT, 'packages', 'sip', 'src', 'fixtures', 'messages');
const RINGING = join(SIP, 'baresip-chrome-out-opus-04-rx-SIP_2_0_180_Ringing.sip');
const UNFRAMED = join(SIP, 'linphone-chrome-in-opus-08-rx-SIP_2_0_200_Ok.sip');
const FROM_BROWSER = join(SIP, 'baresip-firefox-out-opus-02-tx-INVITE_sip_bar_lab_localhost_SIP_2_0.sip');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosspoint-command-line-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A corpus file with something changed, in the temporary folder. */
function seeded(name: string, source: string, change: (text: string) => string): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.from(change(readFileSync(source, 'latin1')), 'latin1'));
  return path;
}

describe('lab sdp', () => {
  it('finds nothing in what Chromium offers: status 0', async () => {
    const done = await lab(['sdp', CHROME_OFFER, '--profile', 'webrtc']);
    expect(done).toEqual({ status: 0, stdout: `${CHROME_OFFER}: clean\n`, stderr: '' });
  });

  it('points at a finding by file, line and column, and shows the line: status 1', async () => {
    const done = await lab(['sdp', SILENT]);
    expect(done).toMatchObject({ status: 1, stderr: '' });
    expect(done.stdout).toMatch(
      /:7:1 error ice-no-candidates .* \(RFC 8839 section [\d.]+\)\n {4}m=audio 9 /,
    );
  });

  it('prints as JSON what was made of each file, in order', async () => {
    const done = await lab(['sdp', '--json', '--profile', 'sip', CHROME_OFFER, FIREFOX_OFFER]);
    expect(done.status).toBe(1);
    expect(JSON.parse(done.stdout)).toEqual([
      expect.objectContaining({ file: CHROME_OFFER, parsed: true, roundTrip: true }),
      {
        file: FIREFOX_OFFER,
        parsed: true,
        roundTrip: true,
        findings: expect.arrayContaining([
          {
            code: 'dtls-fingerprint-session',
            severity: 'warning',
            message: expect.any(String),
            clause: 'RFC 8122 section 5',
            line: 10,
            column: 1,
          },
        ]),
      },
    ]);
  });

  it('finds what was broken on purpose', async () => {
    const broken = [
      ['ice-missing', (text: string) => text.replaceAll(/a=ice-(ufrag|pwd):.*\r\n/g, '')],
      ['mid-duplicate', (text: string) => text.replaceAll('a=mid:1', 'a=mid:0')],
      ['group-mid-unknown', (text: string) => text.replace('a=group:BUNDLE 0 1', 'a=group:BUNDLE 0 1 7')],
    ] as const;
    const files = broken.map(([code, change]) => seeded(`${code}.sdp`, CHROME_OFFER, change));
    const done = await lab(['sdp', '--json', '--profile', 'webrtc', ...files]);
    expect(done.status).toBe(1);
    const judged = JSON.parse(done.stdout) as { roundTrip: boolean; findings: { code: string }[] }[];
    broken.forEach(([code], at) => {
      expect(judged[at]).toMatchObject({ parsed: true, roundTrip: true });
      expect(judged[at]!.findings.map((finding) => finding.code)).toContain(code);
    });
  });

  it('keeps bytes that are not UTF-8', async () => {
    const file = seeded('latin1.sdp', CHROME_OFFER, (text) => text.replace(/s=.*\r\n/, 's=caf\u00e9\r\n'));
    expect(await lab(['sdp', file])).toMatchObject({ status: 0 });
  });

  it('says what is no SDP, and where: status 2, and the other files are judged all the same', async () => {
    const file = seeded('no-origin.sdp', CHROME_OFFER, (text) => text.replace(/o=.*\r\n/, 'o=\r\n'));
    const done = await lab(['sdp', '--json', file, CHROME_OFFER, join(folder, 'nowhere.sdp'), folder]);
    expect(done.status).toBe(2);
    expect(done.stderr.split('\n')).toHaveLength(2);
    expect(done.stderr).toContain(`${file} cannot be read, line 2: `);
    expect(JSON.parse(done.stdout)).toMatchObject([
      { parsed: false, roundTrip: false, findings: [{ code: 'origin-malformed', line: 2 }] },
      { parsed: true, findings: [] },
      { parsed: false, findings: [{ code: 'unreadable', message: 'there is no such file', line: 0 }] },
      { parsed: false, findings: [{ code: 'unreadable', message: 'it is a folder' }] },
    ]);
  });

  it('reads standard input', async () => {
    expect(await lab(['sdp', '-'], { input: readFileSync(CHROME_OFFER) })).toMatchObject({ status: 0 });
    expect(await lab(['sdp', '-'], { input: '' })).toMatchObject({ status: 2 });
    expect(await lab(['sdp', '-'], { input: Buffer.from([0xff, 0, 0x1b]) })).toMatchObject({ status: 2 });
  });

  it('checks an answer against its offer', async () => {
    const pair = (answer: string) => [
      'sdp',
      '--profile',
      'webrtc',
      '--offer',
      CHROME_OFFER,
      '--answer',
      answer,
    ];
    expect(await lab(pair(CHROME_ANSWER))).toMatchObject({ status: 0, stderr: '' });
    const file = seeded('actpass.sdp', CHROME_ANSWER, (text) =>
      text.replaceAll('a=setup:active', 'a=setup:actpass'),
    );
    const done = await lab([...pair(file), '--json']);
    expect(done.status).toBe(1);
    const [offer, answer] = JSON.parse(done.stdout) as { findings: { against?: string }[] }[];
    expect(offer!.findings).toEqual([]);
    expect(answer!.findings.some(({ against }) => against === CHROME_OFFER)).toBe(true);
  });

  it('refuses half a pair, and nothing at all', async () => {
    expectRefusal(await lab(['sdp', '--offer', CHROME_OFFER]), '--offer and --answer go together');
    expectRefusal(await lab(['sdp']), 'no file given');
    expectRefusal(await lab(['sdp', CHROME_OFFER, '--profile', 'h323']), 'h323');
  });
});

describe('lab sip', () => {
  it('finds nothing in a response of baresip: status 0', async () => {
    const done = await lab(['sip', RINGING]);
    expect(done).toEqual({ status: 0, stdout: `${RINGING}: clean\n`, stderr: '' });
  });

  it('tells what is only worth knowing, and is at peace with it: status 0', async () => {
    const done = await lab(['sip', FROM_BROWSER]);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(done.stdout).toMatch(/:8:1 info contact-invalid-host .*\n {4}Contact: .*\n.*: clean\n$/);
  });

  it('points at a finding by file, line and column, and shows the line: status 1', async () => {
    const file = seeded('branch.sip', RINGING, (text) => text.replace('branch=z9hG4bK', 'branch='));
    const done = await lab(['sip', file]);
    expect(done).toMatchObject({ status: 1, stderr: '' });
    expect(done.stdout).toMatch(
      /branch\.sip:4:1 warning branch-cookie .* \(RFC 3261 section 8\.1\.1\.7\)\n {4}Via: /,
    );
  });

  it('prints as JSON what was made of each file, in order, and judges the others where one is not there', async () => {
    const broken = seeded('status.sip', RINGING, (text) => text.replace('SIP/2.0 180', 'SIP/2.0 18'));
    const nowhere = join(folder, 'nowhere.sip');
    const done = await lab(['sip', '--json', broken, RINGING, nowhere, UNFRAMED, folder]);
    expect(done.status).toBe(2);
    expect(done.stderr).toContain(`error: ${broken} cannot be read, line 1: `);
    expect(done.stderr).toMatch(/^[^\n]+ \(and 2 more\)\n$/);
    expect(JSON.parse(done.stdout)).toEqual([
      {
        file: broken,
        parsed: false,
        roundTrip: false,
        findings: [expect.objectContaining({ severity: 'error', line: 1, clause: 'RFC 3261 section 7.2' })],
      },
      { file: RINGING, parsed: true, roundTrip: true, findings: [] },
      {
        file: nowhere,
        parsed: false,
        roundTrip: false,
        findings: [
          expect.objectContaining({ code: 'unreadable', message: 'there is no such file', line: 0 }),
        ],
      },
      {
        file: UNFRAMED,
        parsed: true,
        roundTrip: true,
        findings: [
          {
            code: 'content-length-missing',
            severity: 'warning',
            message: expect.any(String),
            clause: 'RFC 3261 section 20.14',
            line: 1,
            column: 1,
          },
        ],
      },
      expect.objectContaining({
        parsed: false,
        findings: [expect.objectContaining({ message: 'it is a folder' })],
      }),
    ]);
  });

  it('reads several messages from one stream, and standard input', async () => {
    const one = readFileSync(RINGING);
    const stream = Buffer.concat([one, Buffer.from('\r\n\r\n'), readFileSync(UNFRAMED)]);
    const done = await lab(['sip', '-'], { input: stream });
    expect(done).toMatchObject({ status: 1, stderr: '' });
    const line = one.toString('latin1').split('\n').length - 1 + 2 + 1;
    expect(done.stdout).toContain(`-:${line}:1 warning content-length-missing `);
    expect(await lab(['sip', '-'], { input: '' })).toMatchObject({ status: 2 });
    expect(await lab(['sip', '-'], { input: Buffer.from([0xff, 0, 0x1b]) })).toMatchObject({ status: 2 });
  });

  it('has its help, and refuses nothing at all', async () => {
    const help = await lab(['sip', '--help']);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('0 clean, 1 findings, 2 unreadable');
    expectRefusal(await lab(['sip']), 'no file given');
    expectRefusal(await lab(['sip', RINGING, '--profile', 'sip']), /unknown option '--profile'/);
  });
});

describe('bad usage', () => {
  let busy: Server | undefined;
  beforeAll(async () => {
    busy = createServer();
    busy.listen(0, '127.0.0.1');
    await once(busy, 'listening');
  });
  afterAll(() => busy?.close());

  it.concurrent.each<[string, string[], string | RegExp]>([
    ['an unknown command', ['matrx'], /unknown command 'matrx'.*Did you mean matrix\?/],
    ['an unknown option', ['matrix', '--peerz'], /unknown option '--peerz'/],
    ['an argument that is missing', ['explain'], /missing required argument 'cell'/],
    ['an argument too many', ['doctor', 'now'], /too many arguments/],
    ["an option's value that is missing", ['replay', 'a--b', '--run'], /argument missing/],
    ['an unknown topology', ['scenario', 'circle'], /no topology circle; known: .*triangle/],
    ['an unknown topology of the matrix', ['matrix', '--topology', 'circle'], /circle.*triangle/],
    ["an app's unknown option", ['scenario', 'triangle', '--colour'], /--colour/],
    ["an app's port that is none", ['scenario', 'triangle', '--port', '99999'], /99999/],
    ['a run that is not there', ['explain', 'a--b', '--run', '/nowhere'], /no run \/nowhere/],
    ['a run that is a file', ['replay', 'a--b', '--run', '/etc/hostname'], /no run \/etc\/hostname/],
    ['two runs of which one is missing', ['diff', '/nowhere', '/nowhere'], /no run \/nowhere/],
    ['one run to compare', ['diff', '/nowhere'], /missing required argument 'after'/],
  ])('says what is wrong with %s', async (_, args, words) => {
    expectRefusal(await lab(args), words);
  });

  it.each<[string, string[], string | RegExp]>([
    ['an unknown peer', ['--peers', 'nobody'], /no peer nobody; known: .*embedded/],
    ['an unknown check', ['--peers', 'embedded', '--check', 'taste'], /no check taste/],
    ['a cell of another form', ['--cell', 'chromium-firefox'], /--cell chromium-firefox: not of the form/],
    ['a peer without a manifest', ['--peer', '/etc'], /--peer \/etc: there is no peer\.json/],
    ['no cell at once', ['--parallel', '0'], /from 1 to 64/],
  ])('starts nothing and writes nothing for %s', async (_, args, words) => {
    const out = join(folder, 'never');
    const done = await lab(['matrix', ...args, '--out', out]);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(done.stderr.trimEnd().split('\n').at(-1)).toMatch(words);
    expect(done.stderr).not.toContain('    at ');
    expect(existsSync(out)).toBe(false);
  });

  it('refuses a folder that cannot be, in one line', async () => {
    for (const out of ['/etc/hostname/x', '/etc/hostname']) {
      const done = await lab(['matrix', '--peers', 'embedded', '--out', out]);
      expect(done).toMatchObject({ status: 2, stdout: '' });
      expect(done.stderr.trimEnd().split('\n').at(-1)).toBe(`error: the folder ${out} cannot be written`);
    }
  });

  it('refuses a port that is taken', async () => {
    const { port } = busy!.address() as AddressInfo;
    expectRefusal(
      await lab(['scenario', 'triangle', '--port', String(port)]),
      new RegExp(`port ${port}.*--port`),
    );
  });

  it('shows what there is where nothing was asked for', async () => {
    const done = await lab([]);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    for (const command of [
      'matrix',
      'scenario',
      'explain',
      'replay',
      'diff',
      'doctor',
      'peers',
      'sdp',
      'sip',
    ])
      expect(done.stderr).toContain(`\n  ${command} `);
  });
});

describe('lab scenario', () => {
  it("starts the topology's app, hands it its options, and ends it by a signal", async () => {
    const child = start(['scenario', 'triangle', '--port', '0', '--json']);
    const over = once(child, 'exit');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    expect((await fetch(url)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await over).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow();
  });

  it("shows the app's own help", async () => {
    const done = await lab(['scenario', 'triangle', '--help']);
    expect(done.status).toBe(0);
    expect(done.stdout).toContain('--callee');
  });
});

/** Where there is no browser: what is not here is noted, and the lab works all the same. */
const BARE = {
  CROSSPOINT_CHROMIUM: '/nowhere/chromium',
  CROSSPOINT_FIREFOX: '/nowhere/firefox',
  CROSSPOINT_TURNSERVER: '/nowhere/turnserver',
};

describe('lab peers and lab doctor', () => {
  it('list what is here and what is not', async () => {
    const done = await lab(['peers', '--json', '--peer', join(ROOT, 'examples', 'python-peer')], {
      env: BARE,
    });
    expect(done).toMatchObject({ status: 0, stderr: '' });
    const { network, peers } = JSON.parse(done.stdout) as { network: object; peers: { id: string }[] };
    expect(network).toMatchObject({ kind: expect.any(String), address: expect.any(String) });
    const byId = Object.fromEntries(peers.map((peer) => [peer.id, peer]));
    expect(byId.embedded).toMatchObject({ found: true, kind: 'program', version: expect.any(String) });
    expect(byId.chromium).toMatchObject({ found: false, install: 'apt-get install chromium' });
    expect(byId.coturn).toMatchObject({ found: false, install: 'apt-get install coturn' });
    expect(peers.map(({ id }) => id).sort()).toEqual([
      ...['baresip', 'chromium', 'chromium-sipjs', 'chromium-stanza', 'coturn', 'embedded'],
      ...['embedded-jingle', 'embedded-sip', 'firefox', 'firefox-sipjs', 'firefox-stanza'],
      ...['linphone', 'python-peer', 'sipp'],
    ]);
  });

  it('give one command that installs all that is missing; without browsers the lab is ready', async () => {
    const done = await lab(['doctor', '--json'], { env: BARE });
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(done.stdout)).toMatchObject({
      ok: true,
      install: 'apt-get install chromium firefox-esr coturn',
    });
  });
});

describe('a run that was kept', () => {
  const cell = 'triangle/ws/embedded--embedded';
  let run = '';
  let first: Done | undefined;
  beforeAll(async () => {
    run = join(folder, 'run');
    const asked = [
      '--topology',
      'triangle',
      '--peers',
      'embedded',
      '--transport',
      'ws',
      '--check',
      'audio',
      'decline',
    ];
    first = await lab(['matrix', ...asked, '--out', run]);
  });

  /** A copy of the run in which the callee heard nothing. */
  function silenced(): string {
    const copy = join(folder, 'silenced');
    cpSync(run, copy, { recursive: true });
    const wav = join(copy, 'triangle', 'embedded--embedded-ws', 'media', 'call-media-callee.wav');
    const bytes = readFileSync(wav);
    writeFileSync(wav, bytes.fill(0, 44));
    return copy;
  }

  it('was made', () => {
    expect(first, first?.stderr).toMatchObject({ status: 0 });
  });

  it('is healthy, and says so', async () => {
    const done = await lab(['explain', 'embedded--embedded', '--run', run]);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(done.stdout).toContain('Healthy: all 2 checks passed.');
    const audio = await lab(['explain', cell, '--run', run, '--check', 'audio']);
    expect(audio.stdout).toContain('media/call-media-callee.wav');
    expectRefusal(await lab(['explain', cell, '--run', run, '--check', 'taste']), 'no check taste');
    expectRefusal(await lab(['explain', 'a--b', '--run', run]), 'no cell a--b in this run');
  });

  it('is judged the same again, offline', async () => {
    const done = await lab(['replay', cell, '--run', run, '--json']);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(done.stdout)).toMatchObject({
      cell,
      same: true,
      judged: ['audio', 'decline'],
      differences: [],
      kept: [],
    });
  });

  it('is judged otherwise once its evidence was tampered with', async () => {
    const done = await lab(['replay', 'ws/embedded--embedded', '--run', silenced()]);
    expect(done).toMatchObject({ status: 1, stderr: '' });
    expect(done.stdout).toContain('✓ → ✗  audio');
    expect(done.stdout).toContain('1 not the same');
    rmSync(join(folder, 'silenced', 'triangle', 'embedded--embedded-ws', 'evidence'), { recursive: true });
    const gone = await lab(['replay', cell, '--run', join(folder, 'silenced')]);
    expect(gone.status).toBe(1);
    expect(gone.stdout).toContain('cannot be judged: evidence/decline.json is not here');
  });

  it('differs from another in what changed, and from itself in nothing', async () => {
    expect(await lab(['diff', run, run])).toMatchObject({ status: 0, stderr: '' });
    const other = join(folder, 'other');
    mkdirSync(other);
    const text = readFileSync(join(run, 'run.json'), 'utf8');
    writeFileSync(join(other, 'run.json'), text.replace('"verdict": "passed"', '"verdict": "failed"'));
    const done = await lab(['diff', run, other, '--json']);
    expect(done).toMatchObject({ status: 1, stderr: '' });
    expect(JSON.parse(done.stdout)).toMatchObject({ same: 1, changes: [{ check: 'audio', kind: 'worse' }] });
    expect((await lab(['diff', run, other])).stdout).toContain('1 worse');
    writeFileSync(join(other, 'run.json'), text.slice(0, 100));
    expectRefusal(await lab(['diff', run, other]), 'Not JSON');
  });

  it('explains a check that failed: reason, cause, clause, evidence, and how to go on', async () => {
    const copy = silenced();
    // The run as it would have been, had the callee heard nothing: judged so by the lab itself.
    const { stdout } = await lab(['replay', cell, '--run', copy, '--json']);
    const { differences } = JSON.parse(stdout) as { differences: { check: string; after: object }[] };
    const failed = differences.find(({ check }) => check === 'audio')!.after;
    const path = join(copy, 'triangle', 'embedded--embedded-ws', 'cell.json');
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { results: { check: string }[] };
    kept.results = kept.results.map((result) =>
      result.check === 'audio' ? { ...result, ...failed } : result,
    );
    writeFileSync(path, JSON.stringify(kept));

    const done = await lab(['explain', cell, '--run', copy]);
    expect(done).toMatchObject({ status: 1, stderr: '' });
    for (const part of [
      /\n✗ audio failed: /,
      /\n {4}why +\S/,
      /\n {4}rule +RFC 8834 section 4\n/,
      /\n {4}cause 1 +[a-z-]+: \S/,
      /\n +clause: \S/,
      /\n +seen: \S/,
      /\n {4}evidence +evidence\/call\.json\n/,
      /\n +media\/call-media-callee\.wav\n/,
      `npm run lab -- replay ${cell} --run ${copy}\n`,
      `npm run lab -- matrix --cell ${cell}\n`,
    ])
      expect(done.stdout).toMatch(part);
    expect(done.stdout).not.toContain('Healthy');
    expect(done.stdout).not.toContain('decline passed');
    expect(await lab(['replay', cell, '--run', copy])).toMatchObject({ status: 0 });
    expect(await lab(['explain', cell, '--run', copy, '--check', 'decline'])).toMatchObject({ status: 0 });
    expect(await lab(['explain', cell, '--run', copy, '--check', 'audio'])).toMatchObject({ status: 1 });
  });
});
