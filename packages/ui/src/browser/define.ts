import { adoptTokens } from './tokens.ts';

/** Registers a component once, and with it the tokens it is drawn with. */
export function define(name: string, component: CustomElementConstructor): void {
  if (customElements.get(name) !== undefined) return;
  adoptTokens();
  customElements.define(name, component);
}
