import { type Totals, VERDICT_MARKS, VERDICTS } from '@crosspoint/report';
import { html, type TemplateResult } from 'lit';

/** The verdicts that were given, each with sign, colour and number; for a screen reader in words. */
export function renderCounts(totals: Totals): TemplateResult {
  const given = VERDICTS.filter((verdict) => totals[verdict] > 0);
  if (given.length === 0) return html`<span class="broken">nothing checked</span>`;
  return html`${given.map(
    (verdict) =>
      html`<span class="count ${verdict}"><span aria-hidden="true">${VERDICT_MARKS[verdict]}</span>${totals[verdict]}<span class="hidden-text"> ${verdict}</span></span> `,
  )}`;
}
