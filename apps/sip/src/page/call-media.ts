import { withoutOrphanFeedback } from '@crosspoint/signaling/browser';
import { type UserAgent, Web } from 'sip.js';

/** How long candidates are gathered for before a description goes out with what there is, in milliseconds. */
const GATHERING_MS = 3000;

export interface CallMediaOptions {
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /** Codecs are restricted: what is left of the others in a description is taken out. */
  readonly restricted: boolean;
}

/**
 * SIP.js's own handler of descriptions, whose tracks the call attaches itself. It has no way to take an offer back in
 * SIP.js 0.21, and a re-INVITE that is refused ends the call for that: it is added here.
 */
export class CallMedia extends Web.SessionDescriptionHandler {
  readonly #restricted: boolean;
  #takenBack: Promise<void> = Promise.resolve();
  /** Stays known when the handler is closed. */
  readonly connection: RTCPeerConnection;

  constructor(agent: UserAgent, { iceServers, iceTransportPolicy, restricted }: CallMediaOptions) {
    super(agent.getLogger('page.CallMedia'), async () => new MediaStream(), {
      iceGatheringTimeout: GATHERING_MS,
      peerConnectionConfiguration: {
        iceServers: [...iceServers],
        iceTransportPolicy,
        bundlePolicy: 'max-bundle',
      },
    });
    this.#restricted = restricted;
    this.connection = this.peerConnection!;
  }

  override async getDescription(
    ...args: Parameters<Web.SessionDescriptionHandler['getDescription']>
  ): ReturnType<Web.SessionDescriptionHandler['getDescription']> {
    const made = await super.getDescription(...args);
    return this.#restricted ? { ...made, body: withoutOrphanFeedback(made.body) } : made;
  }

  /** Undoes the offer that is outstanding, ours or the far side's; SIP.js asks for it where it was refused. */
  async rollbackDescription(): Promise<void> {
    await this.takeBack();
    if (this.connection.signalingState === 'have-remote-offer')
      await this.connection.setRemoteDescription({ type: 'rollback' });
  }

  /** Undoes an offer of ours that is outstanding. */
  takeBack(): Promise<void> {
    if (this.connection.signalingState === 'have-local-offer')
      this.#takenBack = this.connection.setLocalDescription({ type: 'rollback' });
    return this.#takenBack;
  }

  /** Where two offers met, the far side's comes again right behind its 491: ours must be gone by then. */
  override async setDescription(
    ...args: Parameters<Web.SessionDescriptionHandler['setDescription']>
  ): Promise<void> {
    await this.#takenBack;
    return super.setDescription(...args);
  }

  /** The tracks are the telephone's: a call that was handed over goes on with them. */
  override close(): void {
    this._peerConnection = undefined;
    this.connection.close();
  }
}
