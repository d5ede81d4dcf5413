import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactAll } from './redact.ts';

describe('redact', () => {
  it('strikes out secrets in the head and leaves all else byte for byte', () => {
    expect(redact('{"type": "register", "name":"alice", "token" : "abc\\"def","seq":1}')).toBe(
      '{"type": "register", "name":"alice", "token" : "(redacted)","seq":1}',
    );
    const body = '{"type":"offer","call":"c"}\nv=0\r\na=x:"token":"mine"\r\n';
    expect(redact(body)).toBe(body);
    expect(redactAll(body)).not.toContain('mine');
  });

  it('lets no secret through, however it is spelled and wherever the text breaks off', () => {
    const name = fc.constantFrom('secret', 'token', 'credential', 'password');
    const spelled = name.chain((word) =>
      fc
        .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
        .map((escapes) =>
          [...word]
            .map((letter, i) =>
              escapes[i] ? `\\u00${letter.charCodeAt(0).toString(16).toUpperCase()}` : letter,
            )
            .join(''),
        ),
    );
    const space = fc.constantFrom('', ' ', '\t', '\n', ' \r\n ');
    const end = fc.constantFrom('"}', '","seq":1}', '', '" , "x":1}');
    fc.assert(
      fc.property(spelled, space, space, end, (key, before, behind, ending) => {
        const raw = `{"type":"register","${key}"${before}:${behind}"S3CR3T-S3CR3T-S3CR3T${ending}`;
        expect(redactAll(raw)).not.toContain('S3CR3T');
      }),
    );
  });
});
