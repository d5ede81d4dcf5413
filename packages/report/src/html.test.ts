import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HOSTILE, hostileRun, sampleRun } from './fixtures/sample-run.ts';
import { RUN_ELEMENT_ID, type Run, toHtml } from './index.ts';

const compress = (json: string): string => deflateRawSync(json).toString('base64');
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');
const pageOf = (run: Run, script = 'start()'): string => toHtml(run, { script, compress, sha256 });

function runIn(page: string): unknown {
  const payload = page.match(new RegExp(`id="${RUN_ELEMENT_ID}">([^<]*)</script>`))![1]!;
  return JSON.parse(inflateRawSync(Buffer.from(payload, 'base64')).toString('utf8'));
}

/** What stands between the tags, as the HTML parser would cut it. */
function scriptsOf(page: string): string[] {
  return [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script/gi)].map(([, text]) => text!);
}

describe('toHtml', () => {
  it('holds the run with its calls', () => {
    expect(runIn(pageOf(sampleRun))).toEqual(sampleRun);
  });

  it('allows itself and nothing else', () => {
    const page = pageOf(sampleRun);
    const policy = page.match(/Content-Security-Policy" content="([^"]*)"/)![1]!;
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain(`script-src 'sha256-${sha256('start()')}'`);
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    expect(page).not.toMatch(/(?:src|href)=/);
  });

  it('keeps hostile text out of the markup and whole in the data', () => {
    const page = pageOf(hostileRun);
    expect(scriptsOf(page)).toHaveLength(2);
    expect(page).not.toMatch(/<img|<!--|alert\(1\)<\/script>/);
    expect(page.match(/<title>(.*?)<\/title>/s)![1]).toContain('&lt;/script&gt;');
    expect((runIn(page) as Run).id).toBe(HOSTILE);
  });

  it('lets a script hold end tags without ending', () => {
    const script =
      'const a = "</script>", b = `<!--`, c = /<\\/SCRIPT>|<!--/u.test("<!--"), d = "<script>"; [a, b, c, d]';
    const inPage = scriptsOf(pageOf(sampleRun, script))[1]!;
    expect(inPage).not.toMatch(/<(?:\/script|!--|script)/i);
    const run = new Function(`${inPage.replace('[a,', 'return [a,')}`) as () => unknown;
    expect(run()).toEqual(['</script>', '<!--', true, '<script>']);
    expect(pageOf(sampleRun, script)).toContain(sha256(inPage));
  });

  it('refuses a payload or hash that is not base64', () => {
    const bad = (): string => '"><script>';
    expect(() => toHtml(sampleRun, { script: '', compress: bad, sha256 })).toThrow(TypeError);
    expect(() => toHtml(sampleRun, { script: '', compress, sha256: bad })).toThrow(TypeError);
  });
});
