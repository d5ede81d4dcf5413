import { type Finding, type Run, VERDICT_MARKS } from '@crosspoint/report';
import { html, nothing, type TemplateResult } from 'lit';
import { type Route, writeRoute } from './route.ts';
import { matchesQuery, parseQuery } from './run-query.ts';

/** More than these are not read: the search is made narrower instead. */
const AT_MOST = 60;

/** The checks a person looks for; without a search, the ones that failed or broke. */
export function renderHits(run: Run, route: Route): TemplateResult | typeof nothing {
  const searching = route.q !== undefined && route.q.trim() !== '';
  const terms = parseQuery(route.q ?? '');
  const hits: Finding[] = run.cells.flatMap((cell) =>
    cell.results
      .filter((result) =>
        searching
          ? matchesQuery(terms, cell, result)
          : result.verdict === 'failed' || result.verdict === 'broken',
      )
      .map((result) => ({ cell, result })),
  );
  const title = searching
    ? hits.length === 1
      ? '1 check is found'
      : `${hits.length} checks are found`
    : 'What failed or broke';
  if (!searching && hits.length === 0) return nothing;
  return html`<section aria-labelledby="hits">
    <h2 id="hits" role=${searching ? 'status' : nothing}>${title}</h2>
    <ul class="hits">
      ${hits.slice(0, AT_MOST).map((hit) => renderHit(hit, route))}
    </ul>
    ${hits.length > AT_MOST ? html`<p class="soft small">and ${hits.length - AT_MOST} more; add a word to see fewer</p>` : nothing}
  </section>`;
}

function renderHit({ cell, result }: Finding, route: Route): TemplateResult {
  const { check, verdict, reason } = result;
  const cause = result.diagnosis?.[0]?.cause;
  const chosen = route.cell === cell.id && route.check === check;
  const { q } = route;
  const href = writeRoute({ ...(q === undefined ? {} : { q }), cell: cell.id, check });
  return html`<li>
    <a href=${href} aria-current=${chosen}>
      <span class="mark ${verdict}"><span aria-hidden="true">${VERDICT_MARKS[verdict]}</span><span class="hidden-text">${verdict}: </span></span>
      <span class="mono name">${check}</span>
      <span class="where">${cell.caller} calls ${cell.callee} <span class="soft">${cell.topology}, ${cell.transport}</span></span>
      <span class="why">${reason}${cause === undefined ? nothing : html` <span class="mono soft">${cause}</span>`}</span>
    </a>
  </li>`;
}
