import { describe, expect, it } from 'vitest';
import { hostileRun, sampleCell, sampleRun } from './fixtures/sample-run.ts';
import { toMarkdown } from './index.ts';

describe('toMarkdown', () => {
  const text = toMarkdown(sampleRun);

  it('holds the sum, the grid, causes and commands', () => {
    expect(text).toContain('**4 passed, 1 failed, 2 unsupported, 1 broken** of 8 checks in 4 cells');
    expect(text).toContain('| **chromium** | 2✓ 0✗ 0– 0! | 1✓ 1✗ 0– 0! |');
    expect(text).toContain('`dtls-fingerprint-wrong` at server -\\> caller');
    expect(text).toContain('again: `npm run lab -- matrix --cell triangle/ws/chromium--embedded`');
    expect(text).toContain('## Unsupported, by reason: 2');
    expect(text).toContain('- 2– embedded decodes no video (`video`)');
    expect(text).toContain('get it with `apt install firefox-esr`');
  });

  it('leaves out sections that have nothing to say', () => {
    const clean = toMarkdown({ ...sampleRun, cells: [sampleCell('a', 'b')], absent: [] });
    expect(clean).not.toMatch(/^## (Failed|Broken|Unsupported|Not there)/m);
  });

  it('lets nothing of a peer become markup', () => {
    const hostile = toMarkdown(hostileRun);
    const outsideCode = hostile.replaceAll(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    expect(outsideCode).toContain('\\<script\\>');
    expect(outsideCode).not.toMatch(/(?<!\\)[<>]/);
    expect(hostile).not.toContain('\u001b');
    // A table's row keeps its number of fields: a peer's bar does not open another.
    const row = hostile.split('\n').find((line) => line.startsWith('| **'))!;
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(3);
  });
});
