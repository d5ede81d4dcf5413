import { automate, EventFeed, feedPhoneEvents } from './automation.ts';
import { Phone } from './phone.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(location.search);
const feed = new EventFeed();
const video = document.querySelector<HTMLVideoElement>('#remote');
const phone = new Phone(
  {
    ...feedPhoneEvents(feed),
    changed: (state) => {
      if (video === null) return;
      const shown = video.srcObject instanceof MediaStream ? video.srcObject : new MediaStream();
      const tracks = state.remote;
      const same =
        shown.getTracks().length === tracks.length &&
        tracks.every((track) => shown.getTracks().includes(track));
      if (!same) video.srcObject = new MediaStream([...tracks]);
    },
  },
  { transport: settings.transport, trickle: settings.trickle, relayOnly: settings.relayOnly },
);
window.crosspoint = automate(phone, feed, () => video);
