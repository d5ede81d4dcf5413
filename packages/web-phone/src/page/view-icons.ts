import { html, type TemplateResult } from 'lit';

/** Outlines in a square of 24, to be stroked. */
const PATHS = {
  mute: 'M9 9.5V6a3 3 0 0 1 6 0v5a3 3 0 0 1-.4 1.500M12 14a3 3 0 0 1-3-3M6 11a6 6 0 0 0 10 4.500M18 11a6 6 0 0 1-.3 1.900M12 17v3M4.500 4.500l15 15',
  hold: 'M9 6v12M15 6v12',
  camera: 'M4 7h10.500v10H4zM14.500 11l5.500-3v8l-5.500-3',
  screen: 'M4 5h16v11H4zM9 20h6M12 13V8.500M9.500 10.500L12 8l2.500 2.500',
  chat: 'M4 5h16v11h-9l-4 3.500V16H4z',
  'hang-up':
    'M3.500 14.500c0-5 17-5 17 0l-.6 2.200-4.400-.9-.3-2.400c-2-.7-4.400-.7-6.400 0l-.3 2.400-4.400.9z',
  answer: 'M5 4h4l2 5-2.500 1.500a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
} as const;

export type IconName = keyof typeof PATHS;

/** A sign beside a word; the word says it, so it is hidden from who listens. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d=${PATHS[name]}></path></svg>`;
}
