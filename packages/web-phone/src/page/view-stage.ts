import type { PhoneState } from './phone-state.ts';
import { inCall, type ViewState } from './view-state.ts';

/** The two pictures. */
export class Stage {
  readonly #host: HTMLElement;
  readonly #remote: HTMLVideoElement;
  readonly #own: HTMLVideoElement;
  readonly #instead: HTMLElement;

  /** @param host holds `#remote`, `#own` and `.instead` */
  constructor(host: HTMLElement) {
    this.#host = host;
    this.#remote = host.querySelector<HTMLVideoElement>('#remote')!;
    this.#own = host.querySelector<HTMLVideoElement>('#own')!;
    this.#instead = host.querySelector<HTMLElement>('.instead')!;
    this.#remote.addEventListener('resize', () => {
      const { videoWidth, videoHeight } = this.#remote;
      if (videoHeight > 0) host.style.setProperty('--ratio', String(videoWidth / videoHeight));
    });
  }

  /** Plays what the far side sends: at once, also in a page that is not drawn. */
  play({ remote }: PhoneState): void {
    show(this.#remote, remote);
  }

  draw({ phone, person }: ViewState): void {
    const own = person ? phone.local.filter((track) => track.kind === 'video') : [];
    show(this.#own, own);
    this.#own.hidden = own.length === 0;
    this.#own.classList.toggle('mirrored', !phone.sharing);
    const picture = phone.remote.some((track) => track.kind === 'video');
    this.#host.hidden = !inCall(phone);
    this.#host.dataset.picture = String(picture || own.length > 0);
    this.#remote.classList.toggle('unseen', !picture);
    this.#remote.setAttribute('aria-label', `Picture and sound of ${phone.party}`);
    this.#instead.hidden = picture;
    const words = insteadOfPicture(phone);
    if (this.#instead.textContent !== words) this.#instead.textContent = words;
  }
}

function insteadOfPicture({ phase, party, holding, heldByParty }: PhoneState): string {
  if (phase !== 'connected') return party;
  return holding || heldByParty ? `${party}, on hold` : `${party}, sound only`;
}

function show(video: HTMLVideoElement, tracks: readonly MediaStreamTrack[]): void {
  const shown = video.srcObject instanceof MediaStream ? video.srcObject.getTracks() : [];
  if (shown.length === tracks.length && tracks.every((track) => shown.includes(track))) return;
  video.srcObject = tracks.length === 0 ? null : new MediaStream([...tracks]);
}
