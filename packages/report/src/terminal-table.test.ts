import { describe, expect, it } from 'vitest';
import { hostileRun, sampleCell, sampleRun } from './fixtures/sample-run.ts';
import { toTerminalTable } from './index.ts';

const plain = { color: false, width: 80 };

describe('toTerminalTable', () => {
  it('shows the grid, what went wrong and why, and the sum, in 80 columns', () => {
    const text = toTerminalTable(sampleRun, plain);
    expect(text).toBe(`Crosspoint 0.1.0  run 2026-02-02-0240
4 cells in 1 min 12 s, 2026-02-02T02:40:00.000Z

triangle over ws
calls →   chromium     embedded
chromium  2✓ 0✗ 0– 0!  1✓ 1✗ 0– 0!
embedded  1✓ 0✗ 1– 0!  0✓ 0✗ 1– 1!

Failed: 1

✗ audio  triangle/ws/chromium--embedded
  The audio reaches the callee.
  why    no tone was decoded at the callee within 5 s
  cause  dtls-fingerprint-wrong at server -> caller: the answer carries a
         fingerprint that is not that of the certificate used
         RFC 8122 section 5
  seen   2-callee-answer line 12
  seen   caller: DTLS alert bad_certificate
  clause RFC 8827 section 5.6.4
  again  npm run lab -- matrix --cell triangle/ws/chromium--embedded

Broken (a fault of the lab, not of a peer): 1

! audio  triangle/ws/embedded--embedded
  The audio reaches the callee.
  why    the peer did not start: port 4000 in use
  again  npm run lab -- matrix --cell triangle/ws/embedded--embedded

Unsupported, by reason: 2
    2–  embedded decodes no video (video)

Not there
  firefox: not installed
  get it apt install firefox-esr

4 passed, 1 failed, 2 unsupported, 1 broken of 8 checks
`);
  });

  it('colours without changing a word', () => {
    const colored = toTerminalTable(sampleRun, { color: true, width: 80 });
    expect(colored).toContain('\u001b[31m1✗\u001b[0m');
    expect(colored.replaceAll(new RegExp(`${'\u001b'}\\[\\d+m`, 'g'), '')).toBe(
      toTerminalTable(sampleRun, plain),
    );
  });

  it('goes on below where the columns do not fit, each column once', () => {
    const names = ['chromium', 'firefox', 'embedded', 'baresip', 'linphone', 'sipp', 'dino', 'werift'];
    const cells = names.flatMap((caller) => names.map((callee) => sampleCell(caller, callee)));
    const text = toTerminalTable({ ...sampleRun, cells }, plain);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text.match(/2✓ 0✗ 0– 0!/g)).toHaveLength(64);
    expect(text.match(/^calls → /gm)?.length).toBe(2);
  });

  it('marks a pair that was not run', () => {
    const cells = [sampleCell('a', 'b'), sampleCell('b', 'a')];
    expect(toTerminalTable({ ...sampleRun, cells }, plain)).toContain('·');
  });

  it('says that nothing was checked, and that a run was interrupted', () => {
    expect(toTerminalTable({ ...sampleRun, cells: [] }, plain)).toContain('! Nothing was checked.');
    expect(toTerminalTable({ ...sampleRun, interrupted: true }, plain)).toContain(
      '! The run was interrupted',
    );
  });

  it('lets no control character of a peer through', () => {
    const text = toTerminalTable(hostileRun, plain);
    expect(text).toContain('\\u{1b}[31mred');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
