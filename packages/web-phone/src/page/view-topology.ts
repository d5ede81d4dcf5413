import type { TraceEntry } from '@crosspoint/signaling';
import { type MediaEdge, reversed, signalingEdgeBetween, type Topology } from '@crosspoint/topology';
import type { CpLadder, CpTopologyMap, MediaEdgeState } from '@crosspoint/ui/browser';
import { describeEvidence } from './media-evidence.ts';
import { servedTopology } from './served-topology.ts';
import { inCall, type ViewState } from './view-state.ts';

/** The two ends are of different kinds: the one with the page is not always the caller. */
const ONE_WAY =
  new Set(servedTopology.nodes.filter(({ id }) => id === 'caller' || id === 'callee').map(({ kind }) => kind))
    .size > 1;

/** Messages that the ladder keeps. */
const KEPT = 500;
/** After the trace is opened the past comes first: it is listed, and does not run. */
const PAST_MS = 300;

/** The figure and the ladder: what the server saw, and what media does. */
export class TopologyView {
  /** Who calls is drawn as the caller: a phone that calls turns the figure's names round. */
  #topology: Topology = servedTopology;
  readonly #map: CpTopologyMap;
  readonly #ladder: CpLadder;
  #openedAt = 0;
  #count = 0;
  #following = false;
  #call = '';
  #protocols: Readonly<Record<string, string>> = {};
  #key = '';

  constructor(map: CpTopologyMap, ladder: CpLadder) {
    this.#map = map;
    this.#ladder = ladder;
    this.#show(servedTopology);
    map.addEventListener('cp-edge', (event) => {
      const { from, to } = (event as CustomEvent<{ from: string; to: string }>).detail;
      void ladder.openLast(from, to);
    });
  }

  #show(topology: Topology): void {
    this.#topology = topology;
    this.#map.topology = topology;
    this.#ladder.topology = topology;
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
    this.#follow(() => this.#ladder.append(entry));
    this.#count++;
    // The newest call is what the person is in; the ladder lets them choose an earlier one.
    if (entry.call !== undefined && entry.call !== this.#call) {
      this.#call = entry.call;
      this.#ladder.call = entry.call;
    }
    const past = performance.now() - this.#openedAt < PAST_MS && this.#count > 8;
    const [from, to] = entry.direction === 'in' ? [entry.peer, entry.node] : [entry.node, entry.peer];
    if (!past && document.visibilityState === 'visible') this.#map.pulse(from, to, entry.summary);
    const edge = signalingEdgeBetween(this.#topology, from, to);
    if (edge === undefined || this.#protocols[edge.id] === entry.protocol) return;
    this.#protocols = { ...this.#protocols, [edge.id]: entry.protocol };
    this.#map.words = this.#protocols;
  }

  /** Who reads the last message sees the next one too; who scrolled back is left where they are. */
  #follow(append: () => void): void {
    const scroll = this.#ladder.parentElement!;
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 8;
    append();
    if (atEnd && !this.#following) {
      this.#following = true;
      void this.#ladder.updateComplete.then(() => {
        this.#following = false;
        scroll.scrollTop = scroll.scrollHeight;
      });
    }
  }

  draw(state: ViewState): void {
    const { phone, settings, evidence } = state;
    const { registered, name, party, outgoing, ended, transport, figures, holding, heldByParty } = phone;
    const calling = inCall(phone);
    const key = JSON.stringify([
      ...[registered, name, party, outgoing, ended, transport, settings.transport, evidence, calling],
      ...[holding, heldByParty, figures?.transport.local, figures?.transport.remote],
    ]);
    if (key === this.#key) return;
    this.#key = key;
    if (inCall(phone)) {
      const shown = ONE_WAY && !outgoing ? reversed(servedTopology) : servedTopology;
      if (
        shown.nodes[0]?.id !== this.#topology.nodes[0]?.id ||
        shown.nodes.some((node, at) => node.id !== this.#topology.nodes[at]?.id)
      )
        this.#show(shown);
    }
    const relayed = figures?.transport.local === 'relay' || figures?.transport.remote === 'relay';
    this.#map.captions = captions(state, calling);
    this.#map.shown =
      calling && relayed
        ? servedTopology.nodes
            .filter(({ id }) => id === 'turn')
            .map(({ id }) => id)
            .concat('relayed')
        : [];
    this.#map.media = calling ? mediaStates(state, relayed ? 'relayed' : 'media') : {};
    if (!calling && registered && Object.keys(this.#protocols).length === 0)
      this.#map.words = { 'caller-server': settings.transport };
  }
}

function captions({ phone }: ViewState, calling: boolean): Record<string, string> {
  if (!phone.registered) return {};
  const own = `${phone.name} (you)`;
  // After a call the ladder still shows it: the figure keeps its two ends.
  if (!calling && phone.ended === '') return { caller: own };
  return phone.outgoing ? { caller: own, callee: phone.party } : { caller: phone.party, callee: own };
}

function mediaStates({ phone, evidence }: ViewState, used: string): Record<string, MediaEdgeState> {
  const connected = phone.transport === 'connected';
  const state = (edge: MediaEdge): MediaEdgeState => {
    if (edge.id !== used) return { lit: false, words: '' };
    if (!connected) return { lit: false, words: 'no media yet' };
    // Held, a browser goes on sending black pictures: decoded, and still nothing to see.
    const held = phone.holding || phone.heldByParty;
    return {
      lit: !held && (evidence.sound || evidence.picture),
      words: held ? 'on hold' : describeEvidence(evidence),
      // The keys are agreed by now, and only the two browsers took part in that.
      lock: edge.protection,
    };
  };
  return Object.fromEntries(servedTopology.media.map((edge) => [edge.id, state(edge)]));
}
