import { writeCount } from './duration.ts';
import type { Run } from './run.ts';
import { totalsOf } from './totals.ts';

export interface HtmlOptions {
  /** The text of the script that shows the run (the `ui` package's `dist/report.js`). */
  readonly script: string;
  /** The page's own style sheet. */
  readonly style?: string;
  /** The JSON text compressed with raw deflate (RFC 1951) and written in base64 (RFC 4648 section 4). */
  readonly compress: (json: string) => string;
  /** The base64 of the SHA-256 of the UTF-8 text, for the content security policy. */
  readonly sha256: (text: string) => string;
}

/** The id of the element that holds the run, compressed, in the page. */
export const RUN_ELEMENT_ID = 'crosspoint-run';

const BASE_STYLE = ':root{color-scheme:light dark}body{margin:0}';

/**
 * The whole run as one page that needs nothing but itself: it opens from a file and asks the network for
 * nothing, which its content security policy enforces. The run's text, which comes from the wire, is in the
 * page only as base64 and reaches the screen only as text.
 * @throws TypeError if `compress` or `sha256` return something that is not base64
 */
export function toHtml(run: Run, { script, style, compress, sha256 }: HtmlOptions): string {
  const safeScript = withoutEndTag(script);
  const safeStyle = withoutStyleEndTag(style ?? BASE_STYLE);
  const payload = base64(compress(JSON.stringify(run)));
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${base64(sha256(safeScript))}'`,
    `style-src 'sha256-${base64(sha256(safeStyle))}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Crosspoint ${escapeHtml(run.crosspoint)}">
<title>${escapeHtml(titleOf(run))}</title>
<style>${safeStyle}</style>
</head>
<body>
<noscript>${escapeHtml(titleOf(run))}. This page shows the rest with a script; run.json and report.md beside it hold the same.</noscript>
<script type="application/octet-stream" id="${RUN_ELEMENT_ID}">${payload}</script>
<script>${safeScript}</script>
</body>
</html>
`;
}

function titleOf(run: Run): string {
  const totals = totalsOf(run);
  const bad = [
    ...(totals.failed > 0 ? [`${totals.failed} failed`] : []),
    ...(totals.broken > 0 ? [`${totals.broken} broken`] : []),
  ];
  const words = bad.length > 0 ? bad.join(', ') : `${totals.passed} passed`;
  return `Crosspoint: ${words} in ${writeCount(run.cells.length, 'cell')} (${run.id})`;
}

// A script's text ends at the next end tag, whatever the language says (HTML section 4.12.1.3). `\x3c` means
// the same as `<` in a string, a template and a regular expression, the only places either can stand in.
function withoutEndTag(script: string): string {
  return script.replace(/<(?=\/script|!--|script)/gi, '\\x3c');
}

function withoutStyleEndTag(style: string): string {
  return style.replace(/<(?=\/style)/gi, '\\3c ');
}

function base64(text: string): string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new TypeError('expected base64 (RFC 4648 section 4)');
  return text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}
