import type { PageCall } from './line.ts';
import type { MediaSource } from './media-source.ts';
import type { PhoneState } from './phone-state.ts';
import { hasPicture, sendPicture, withdrawPicture } from './picture-sending.ts';

/** What the own picture needs of its telephone. */
export interface PictureHost {
  state(): PhoneState;
  set(change: Partial<PhoneState>): void;
  source(): MediaSource;
  call(): PageCall | undefined;
}

/** The picture that this side sends: the camera, the screen, or none; changed in the middle of a call. */
export class OwnPicture {
  readonly #host: PictureHost;
  #screen: MediaStreamTrack | undefined;

  constructor(host: PictureHost) {
    this.#host = host;
  }

  /** Adds a stream with the camera's picture. */
  async add(): Promise<void> {
    const call = this.#host.call();
    if (call === undefined) return;
    const track = await this.#host.source().video();
    if (this.#host.call() !== call) return this.#tooLate(track);
    call.add(track);
    this.#show(track, { camera: true });
  }

  /** Closes the m-section: the far side's picture goes with it. */
  close(): void {
    this.#host.call()?.remove('video');
    this.#gone();
  }

  /** Our picture on or off; the far side's stays as it is. */
  async camera(on: boolean): Promise<void> {
    const call = this.#host.call();
    if (call === undefined || on === this.#host.state().camera) return;
    if (on) return this.#send(call, await this.#host.source().video(), { camera: true });
    withdrawPicture(call.connection);
    call.changed();
    this.#gone();
  }

  /** The screen in place of the camera, or beside nothing if there was no picture; and back. */
  async share(on: boolean): Promise<void> {
    const call = this.#host.call();
    if (call === undefined) return;
    if (!on) return this.#back(call);
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
    const track = stream.getVideoTracks()[0]!;
    this.#screen = track;
    // The browser's own bar can end it too.
    track.onended = () => void this.#back(call);
    await this.#send(call, track, { sharing: true });
  }

  async #back(call: PageCall): Promise<void> {
    if (this.#screen === undefined) return;
    this.stopScreen();
    if (this.#host.state().camera) {
      await this.#send(call, await this.#host.source().video(), { sharing: false });
    } else {
      withdrawPicture(call.connection);
      call.changed();
      this.#gone();
    }
  }

  async #send(call: PageCall, track: MediaStreamTrack, change: Partial<PhoneState>): Promise<void> {
    if (this.#host.call() !== call) return this.#tooLate(track);
    if (!(await sendPicture(call.connection, track, this.#host.state().holding))) call.add(track);
    this.#show(track, change);
  }

  #show(track: MediaStreamTrack, change: Partial<PhoneState>): void {
    const others = this.#host.state().local.filter((each) => each.kind !== 'video');
    this.#host.set({ ...change, local: [...others, track] });
  }

  /** The call ended while the person was asked: the camera's light must not stay on. */
  #tooLate(track: MediaStreamTrack): void {
    this.stopScreen();
    track.stop();
    if (this.#host.call() === undefined) this.#host.source().stopVideo();
  }

  /** The far side may have closed the m-section that our picture was sent in: then the camera goes out here too. */
  noticeClosed(): void {
    const call = this.#host.call();
    const { camera, sharing } = this.#host.state();
    if (call === undefined || call.phase !== 'connected' || !(camera || sharing)) return;
    if (!hasPicture(call.connection)) this.#gone();
  }

  stopScreen(): void {
    this.#screen?.stop();
    this.#screen = undefined;
  }

  #gone(): void {
    this.stopScreen();
    this.#host.source().stopVideo();
    const local = this.#host.state().local.filter((each) => each.kind !== 'video');
    this.#host.set({ camera: false, sharing: false, local });
  }
}
