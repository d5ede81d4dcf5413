import { render, type TemplateResult } from 'lit';
import type { ViewState } from './view-state.ts';

/** Draws one part of the page. */
export type Region = (state: ViewState) => void;

/**
 * A part of the page that is drawn anew only when one of the values it depends on is another one: the telephone
 * changes often, and most of its changes concern a single part.
 */
export function region(
  host: HTMLElement,
  dependsOn: (state: ViewState) => readonly unknown[],
  draw: (state: ViewState) => TemplateResult | typeof import('lit').nothing,
): Region {
  let before: readonly unknown[] | undefined;
  return (state) => {
    const now = dependsOn(state);
    if (before !== undefined && now.every((value, index) => Object.is(value, before?.[index]))) return;
    before = now;
    render(draw(state), host);
  };
}
