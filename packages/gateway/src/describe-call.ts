import type { SignalType } from '@crosspoint/signaling';
import { PHASE_WORDS, PHASES } from './call-state.ts';
import { NEGOTIATION_TABLE, PHASE_TABLE } from './call-table.ts';
import { SIDES } from './side.ts';
import { OTHER_INPUT_WORDS } from './step.ts';
import { STALE, type Transition } from './transition.ts';

const SIGNAL_TYPES: readonly SignalType[] = [
  'offer',
  'answer',
  'refuse',
  'ask-offer',
  'candidates',
  'ringing',
  'accepted',
  'dtmf',
  'transfer',
  'transferred',
  'end',
];
const NEGOTIATION_TYPES = ['offer', 'answer', 'refuse'] as const;
const OUTSTANDING = ['none', 'caller', 'callee'] as const;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The call's states and transitions as Markdown tables, written from the tables that decide. */
export function describeCall(): string {
  const named = new Map<string, Transition>([[STALE.name, STALE]]);
  const name = (transition: Transition): string => {
    named.set(transition.name, transition);
    return transition.name;
  };
  const byPhase = SIGNAL_TYPES.flatMap((type) =>
    SIDES.map((side) => [
      `${side} ${type}`,
      ...PHASES.map((phase) => {
        const entry = PHASE_TABLE[phase][side][type];
        return entry === 'negotiation' ? '*negotiation*' : name(entry);
      }),
    ]),
  );
  const byOffer = NEGOTIATION_TYPES.flatMap((type) =>
    SIDES.map((side) => [
      `${side} ${type}`,
      ...OUTSTANDING.map((outstanding) => name(NEGOTIATION_TABLE[outstanding][side][type])),
    ]),
  );
  const others = Object.entries(OTHER_INPUT_WORDS).map(([kind, words]) => [kind, words]);
  return [
    '### Phases',
    table(
      ['phase', 'in words'],
      PHASES.map((phase) => [phase, PHASE_WORDS[phase]]),
    ),
    '### What a signal does, by phase',
    table(['signal', ...PHASES], byPhase),
    '### Negotiation, by whose offer is outstanding',
    table(['signal', 'nobody', 'the caller', 'the callee'], byOffer),
    `While offers of the outstanding side that it replaced are still to be answered, \`answer\` and \`refuse\` are \`${STALE.name}\`.`,
    '### Transitions',
    table(
      ['transition', 'in words'],
      [...named.values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((transition) => [transition.name, transition.words]),
    ),
    '### What is not a signal, while the call is not ended',
    table(['input', 'in words'], others),
  ].join('\n\n');
}
