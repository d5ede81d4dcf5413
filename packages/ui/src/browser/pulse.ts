import { middle, type Point } from './figure.ts';

/** One message on its way, drawn into a layer of the figure. */
export interface Pulse {
  readonly layer: Element;
  readonly from: Point;
  readonly to: Point;
  readonly label: string;
}

const SVG = 'http://www.w3.org/2000/svg';
const RUN_MS = 650;
const REST_MS = 450;

/** More than these at once on the figure would be noise: the edge alone shows that more is going on. */
const AT_ONCE = 8;

/** Draws the message, lets it run, takes it away. Settles when it is gone. */
export async function runPulse({ layer, from, to, label }: Pulse): Promise<void> {
  if (layer.childElementCount >= AT_ONCE) return;
  const group = document.createElementNS(SVG, 'g');
  group.setAttribute('class', 'pulse');
  const dot = document.createElementNS(SVG, 'circle');
  dot.setAttribute('r', '4.5');
  const text = document.createElementNS(SVG, 'text');
  text.setAttribute('y', '-11');
  text.setAttribute('text-anchor', 'middle');
  text.textContent = label;
  group.append(dot, text);
  layer.append(group);
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const at = (point: Point): string => `translate(${point.x}px, ${point.y}px)`;
  const frames = still
    ? [{ transform: at(middle(from, to)) }, { transform: at(middle(from, to)) }]
    : [
        { transform: at(from), offset: 0, easing: 'cubic-bezier(0.4, 0, 0.2, 1)' },
        { transform: at(to), opacity: 1, offset: RUN_MS / (RUN_MS + REST_MS) },
        { transform: at(to), opacity: 0, offset: 1 },
      ];
  try {
    const run = group.animate(frames, { duration: RUN_MS + REST_MS });
    // A page that is not painted lets no animation end; what nobody saw run must not stand there when somebody looks.
    const over = new Promise((resolve) => setTimeout(resolve, 2 * (RUN_MS + REST_MS)));
    await Promise.race([run.finished, over]);
  } catch {
    // The figure was drawn anew or left the page: there is nothing to finish.
  }
  group.remove();
}
