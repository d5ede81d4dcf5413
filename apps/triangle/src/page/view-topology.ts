import type { TraceEntry } from '@crosspoint/signaling';
import { type MediaEdge, signalingEdgeBetween, triangle } from '@crosspoint/topology';
import type { CpLadder, CpTopologyMap, MediaEdgeState } from '@crosspoint/ui/browser';
import { describeEvidence } from './media-evidence.ts';
import { inCall, type ViewState } from './view-state.ts';

/** Messages that the ladder keeps. */
const KEPT = 500;
/** After the trace is opened the past comes first: it is listed, and does not run. */
const PAST_MS = 300;

/** The figure and the ladder: what the server saw, and what media does. */
export class TopologyView {
  readonly #map: CpTopologyMap;
  readonly #ladder: CpLadder;
  #openedAt = 0;
  #count = 0;
  #protocols: Readonly<Record<string, string>> = {};
  #key = '';

  constructor(map: CpTopologyMap, ladder: CpLadder) {
    this.#map = map;
    this.#ladder = ladder;
    map.topology = triangle;
    ladder.topology = triangle;
    map.addEventListener('cp-edge', (event) => {
      const { from, to } = (event as CustomEvent<{ from: string; to: string }>).detail;
      void ladder.openLast(from, to);
    });
  }

  traceOpened(): void {
    if (this.#openedAt !== 0) this.#clear();
    this.#openedAt = performance.now();
  }

  #clear(): void {
    this.#count = 0;
    this.#ladder.entries = [];
  }

  add(entry: TraceEntry): void {
    if (this.#count === KEPT) {
      this.#ladder.entries = this.#ladder.entries.slice(KEPT / 4);
      this.#count -= KEPT / 4;
    }
    this.#ladder.append(entry);
    this.#count++;
    const past = performance.now() - this.#openedAt < PAST_MS && this.#count > 8;
    const [from, to] = entry.direction === 'in' ? [entry.peer, entry.node] : [entry.node, entry.peer];
    if (!past) this.#map.pulse(from, to, entry.summary);
    const edge = signalingEdgeBetween(triangle, from, to);
    if (edge === undefined || this.#protocols[edge.id] === entry.protocol) return;
    this.#protocols = { ...this.#protocols, [edge.id]: entry.protocol };
    this.#map.words = this.#protocols;
  }

  draw(state: ViewState): void {
    const { phone, settings, evidence } = state;
    const { registered, name, party, outgoing, transport, figures } = phone;
    const calling = inCall(phone);
    const key = JSON.stringify([
      ...[registered, name, party, outgoing, transport, settings.transport, evidence, calling],
      ...[figures?.transport.local, figures?.transport.remote],
    ]);
    if (key === this.#key) return;
    this.#key = key;
    const relayed = figures?.transport.local === 'relay' || figures?.transport.remote === 'relay';
    this.#map.captions = captions(state, calling);
    this.#map.shown = calling && relayed ? ['turn', 'relayed'] : [];
    this.#map.media = calling ? mediaStates(state, relayed ? 'relayed' : 'media') : {};
    if (!calling && registered && Object.keys(this.#protocols).length === 0)
      this.#map.words = { 'caller-server': settings.transport };
  }
}

function captions({ phone }: ViewState, calling: boolean): Record<string, string> {
  if (!phone.registered) return {};
  const own = `${phone.name} (you)`;
  if (!calling) return { caller: own };
  return phone.outgoing ? { caller: own, callee: phone.party } : { caller: phone.party, callee: own };
}

function mediaStates({ phone, evidence }: ViewState, used: string): Record<string, MediaEdgeState> {
  const connected = phone.transport === 'connected';
  const state = (edge: MediaEdge): MediaEdgeState => {
    if (edge.id !== used) return { lit: false, words: '' };
    if (!connected) return { lit: false, words: 'no media yet' };
    // The keys are agreed by then, and only the two browsers took part in that.
    return {
      lit: evidence.sound || evidence.picture,
      words: describeEvidence(evidence),
      lock: edge.protection,
    };
  };
  return Object.fromEntries(triangle.media.map((edge) => [edge.id, state(edge)]));
}
