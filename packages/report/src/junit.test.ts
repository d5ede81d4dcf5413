import { describe, expect, it } from 'vitest';
import { hostileRun, sampleRun } from './fixtures/sample-run.ts';
import { toJUnit } from './index.ts';

describe('toJUnit', () => {
  const xml = toJUnit(sampleRun);

  it('counts each verdict where JUnit counts it', () => {
    expect(xml).toContain(
      '<testsuites name="crosspoint" tests="8" failures="1" errors="1" skipped="2" time="72.345">',
    );
    expect(xml.match(/<testcase /g)).toHaveLength(8);
    expect(xml.match(/<failure /g)).toHaveLength(1);
    expect(xml.match(/<error /g)).toHaveLength(1);
    expect(xml.match(/<skipped /g)).toHaveLength(2);
  });

  it('carries reason, proof, cause and command', () => {
    expect(xml).toContain(
      '<skipped message="embedded decodes no video">the driver declares no video capability</skipped>',
    );
    expect(xml).toContain('type="dtls-fingerprint-wrong"');
    expect(xml).toContain('again: npm run lab -- matrix --cell triangle/ws/chromium--embedded');
    expect(xml).toContain('<error message="the peer did not start: port 4000 in use" type="broken">');
  });

  it('stays well-formed whatever a peer says', () => {
    const hostile = toJUnit(hostileRun);
    expect(hostile).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    // Every < and & that is left is the writer's own.
    const own =
      /<\/?(?:testsuites|testsuite|testcase|failure|error|skipped)[ />]|<\?xml |&(?:amp|lt|gt|quot|apos);/g;
    expect(hostile.replaceAll(own, '')).not.toMatch(/[<&]/);
  });
});
