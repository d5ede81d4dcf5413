import type { Connect } from './client-connection.ts';

/** Connects by WebSocket. @param url `ws:` or `wss:` */
export function connectWs(url: string): Connect {
  return (first, events) => {
    const socket = new WebSocket(url);
    let closed = false;
    const close = (why: string): void => {
      if (closed) return;
      closed = true;
      events.closed(why);
    };
    socket.onopen = () => socket.send(first);
    socket.onmessage = (event) => {
      if (!closed && typeof event.data === 'string') events.message(event.data);
    };
    socket.onclose = (event) => close(event.reason !== '' ? event.reason : `closed (${event.code})`);
    socket.onerror = () => close('connection failed');
    const end = (): void => {
      close('closed here');
      socket.close();
    };
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: end,
      // What was sent goes out before the close by itself.
      finish: end,
    };
  };
}
