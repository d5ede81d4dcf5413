import type { SignalChange } from '@crosspoint/gateway';

/** The defect of this name. @throws Error where there is none */
export function seededChange(name: string): { name: string; apply: SignalChange } {
  throw new Error(`--defect: there is no defect ${name}`);
}
