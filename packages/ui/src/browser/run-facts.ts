import { type Run, unsupportedByReason, writeCount } from '@crosspoint/report';
import { html, nothing, type TemplateResult } from 'lit';

/** What stands at a report's end: who took part, who was missing, why something was unsupported, on what machine. */
export function renderRunFacts(run: Run): TemplateResult {
  const reasons = unsupportedByReason(run);
  return html`
    <section>
      <h2>Who took part</h2>
      <dl>
        ${run.peers.map(({ id, name, version }) => html`<div><dt class="mono">${id}</dt><dd>${name} ${version}</dd></div>`)}
      </dl>
    </section>
    ${
      run.absent.length === 0
        ? nothing
        : html`<section>
            <h2>Who was not there</h2>
            <dl>
              ${run.absent.map(({ id, why, install }) => html`<div><dt class="mono">${id}</dt><dd>${why}${install === undefined ? nothing : html`<br /><code>${install}</code>`}</dd></div>`)}
            </dl>
          </section>`
    }
    ${
      reasons.length === 0
        ? nothing
        : html`<section>
            <h2>What was unsupported, and why</h2>
            <dl>
              ${reasons.map(({ count, reason, checks }) => html`<div><dt>${writeCount(count, 'check')}</dt><dd>${reason} <span class="soft">${checks.join(', ')}</span></dd></div>`)}
            </dl>
          </section>`
    }
    <section>
      <h2>Where</h2>
      <p>
        Crosspoint ${run.crosspoint}, Node ${run.host.node}, ${run.host.platform}, ${writeCount(run.host.cores, 'core')};
        ${run.host.network.words}, ${run.host.network.address}. Run <code>${run.id}</code>.
      </p>
    </section>
  `;
}
