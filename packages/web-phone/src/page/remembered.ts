import type { PageSettings } from './settings.ts';

const KEY = 'crosspoint-joined';

/** What this tab joined with, for a reload to take the name back; `undefined` where it has left or never joined. */
export function remembered(): { settings: PageSettings; token: string | undefined } | undefined {
  try {
    const settings = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as PageSettings | null;
    if (settings === null || typeof settings.name !== 'string') return undefined;
    return { settings, token: tokenOf(settings.name) };
  } catch {
    return undefined;
  }
}

/** The token that proves a name to be this tab's, where it had that name before. */
export function tokenOf(name: string): string | undefined {
  return sessionStorage.getItem(`crosspoint-token-${name}`) ?? undefined;
}

export function remember(settings: PageSettings): void {
  sessionStorage.setItem(KEY, JSON.stringify(settings));
}

export function forget(): void {
  sessionStorage.removeItem(KEY);
}
