/**
 * Goes into each page before its own scripts: notes when a call was placed and when each received track first played
 * something, by the time that the browser itself gives a source it plays (`getSynchronizationSources`, webrtc-pc
 * section 5.3), never by getStats; and takes every call that comes. As text, for what a transpiler adds is not there.
 */
export const MEASURE = `
(() => {
  const Original = window.RTCPeerConnection;
  const state = { placedAt: 0, playedAt: 0, ended: 0 };
  const wall = (time) => (time < 1e12 ? performance.timeOrigin + time : time);
  window.RTCPeerConnection = class extends Original {
    constructor(...args) {
      super(...args);
      state.playedAt = 0;
      this.addEventListener('track', ({ receiver }) => {
        if (receiver.track.kind !== 'audio') return;
        const look = () => {
          const source = receiver.getSynchronizationSources()[0];
          if (source !== undefined) state.playedAt = wall(source.timestamp);
          else if (this.connectionState !== 'closed') setTimeout(look, 1);
        };
        look();
      });
    }
  };
  const hear = async () => {
    let since = 0;
    for (;;) {
      const events = await window.crosspoint.take(since, 20000);
      since += events.length;
      for (const event of events) {
        if (event.event === 'incoming') void window.crosspoint.ask('accept', {});
        if (event.event === 'ended') state.ended++;
        if (event.event === 'trouble') state.trouble = event.words;
      }
    }
  };
  window.measured = {
    state,
    start(name) {
      void hear();
      const settings = { name, transport: 'ws', audio: true, video: false, data: false, pattern: 0 };
      return window.crosspoint.ask('open', settings);
    },
    place(to) {
      state.placedAt = performance.timeOrigin + performance.now();
      return window.crosspoint.ask('call', { to });
    },
  };
})();
`;
