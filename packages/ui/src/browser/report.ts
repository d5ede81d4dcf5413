import { html, render } from 'lit';
import { readEmbeddedRun } from './embedded-run.ts';
import './index.ts';

// The page's start: what it holds is shown, and where it cannot be, it says so.
async function start(): Promise<void> {
  const shell = new CSSStyleSheet();
  shell.replaceSync(
    'body { margin: 0; background: var(--cp-paper); color: var(--cp-ink); font-family: var(--cp-font) }',
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, shell];
  try {
    const report = document.createElement('cp-run-report');
    report.run = await readEmbeddedRun(document);
    document.body.append(report);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const place = document.createElement('main');
    document.body.append(place);
    render(html`<p>${words} The file run.json beside this page holds the same in another form.</p>`, place);
  }
}

void start();
