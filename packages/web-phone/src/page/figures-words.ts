import type { MediaFigures, TransportFigures } from './transport-figures.ts';

/** One figure of the line under the call. */
export interface FigureWords {
  readonly name: string;
  readonly value: string;
}

/** The line of figures; what is not known has a dash, so that the line keeps its shape. */
export function describeFigures(figures: TransportFigures | undefined): FigureWords[] {
  const transport = figures?.transport;
  return [
    { name: 'Path', value: path(transport) },
    { name: 'Codecs', value: codecs(figures) },
    { name: 'Round trip', value: transport?.roundTripMs === undefined ? '–' : `${transport.roundTripMs} ms` },
    { name: 'Loss', value: loss(figures) },
  ];
}

function path(transport: TransportFigures['transport'] | undefined): string {
  if (transport?.local === undefined || transport.remote === undefined) return '–';
  const ends =
    transport.local === transport.remote ? transport.local : `${transport.local} to ${transport.remote}`;
  return transport.protocol === undefined ? ends : `${ends}, ${transport.protocol}`;
}

function codecs(figures: TransportFigures | undefined): string {
  const names = [figures?.audio, figures?.video].flatMap((media) => {
    const received = media?.received?.codec;
    const sent = media?.sent?.codec;
    if (received === undefined || sent === undefined || received === sent) return received ?? sent ?? [];
    return `${sent} out, ${received} in`;
  });
  return names.length === 0 ? '–' : names.join(', ');
}

function loss(figures: TransportFigures | undefined): string {
  const received = [figures?.audio, figures?.video]
    .map((media: MediaFigures | undefined) => media?.received)
    .filter((each) => each !== undefined);
  const lost = received.reduce((sum, each) => sum + Math.max(0, each.lost ?? 0), 0);
  const all = received.reduce((sum, each) => sum + (each.packets ?? 0), 0) + lost;
  if (all === 0) return '–';
  const percent = (100 * lost) / all;
  return `${percent === 0 ? '0' : percent < 0.1 ? '<0.1' : percent.toFixed(1)} %`;
}
