/** What kind of program or device a node is. Decides its symbol in a figure. */
export type NodeKind =
  | 'browser'
  | 'web-server'
  | 'sip-proxy'
  | 'sip-client'
  | 'xmpp-server'
  | 'jingle-client'
  | 'pstn-gateway'
  | 'exchange'
  | 'telephone'
  | 'media-relay'
  | 'turn-server';

/** A party, server or gateway in the path of a call. */
export interface TopologyNode {
  /** Stable name within the topology; a trace line's `node` and `peer` are these. */
  readonly id: string;
  readonly label: string;
  readonly kind: NodeKind;
  /** Place in the figure, 0 (left) to 100 (right). */
  readonly x: number;
  /** Place in the figure, 0 (top) to 100 (bottom). */
  readonly y: number;
  /** Present only in some runs of the topology; a figure leaves it out unless it is told to show it. */
  readonly optional?: true;
}

/** Two nodes that speak to each other about the call. Undirected: messages run both ways. */
export interface SignalingEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Protocols that can run here, in the words of a trace line: `ws`, `http`, `sip`, `xmpp`, `mgcp`. */
  readonly protocols: readonly string[];
  /** There only in some runs, together with its optional node. */
  readonly optional?: true;
  /** Id of the edge it stands in for where it is there. */
  readonly instead?: string;
}

/** Two nodes between which sound, picture or data run. Undirected. */
export interface MediaEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The node the media pass through on their way, where there is one. */
  readonly via?: string;
  /** How the media are protected and who holds the key, in words. */
  readonly protection: string;
  /** There only in some runs, together with its optional node. */
  readonly optional?: true;
  /** Id of the edge it stands in for where it is there. */
  readonly instead?: string;
}

/** One way in which WebRTC connects two people. */
export interface Topology {
  readonly id: string;
  readonly title: string;
  /** One sentence that says what is special about it. */
  readonly summary: string;
  readonly nodes: readonly TopologyNode[];
  readonly signaling: readonly SignalingEdge[];
  readonly media: readonly MediaEdge[];
}
