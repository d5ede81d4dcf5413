import { WebSocket } from 'ws';
import { CLOSE_TIMEOUT_MS, MAX_MESSAGE_BYTES, OPEN_TIMEOUT_MS, type OpenLink } from './web-link.ts';

/** `ws(s)://host/signal/ws`, one message a text frame. */
export const openWsLink: OpenLink = (server, first, events) => {
  const url = new URL('/signal/ws', server);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  let why = '';
  const socket = new WebSocket(url, {
    handshakeTimeout: OPEN_TIMEOUT_MS,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  socket.on('open', () => socket.send(first));
  socket.on('message', (data) => events.message(data.toString()));
  socket.on('error', (error) => {
    why = error.message;
  });
  socket.on('close', (code, reason) =>
    events.closed(why || `closed with ${code} ${reason.toString()}`.trim()),
  );
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    cut: () => socket.terminate(),
    close: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) return resolve();
        const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
        socket.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
        socket.close(1000);
      }),
  };
};
