import type { Transport } from 'sip.js';

/** Tells of each message that crosses SIP.js's transport. Keep-alives (RFC 5626 section 3.5.1) are no messages. */
export function watchTransport(
  transport: Transport,
  seen: (direction: 'in' | 'out', text: string) => void,
): void {
  const tell = (direction: 'in' | 'out', text: string): void => {
    if (text.trim() !== '') seen(direction, text);
  };
  const send = transport.send.bind(transport);
  transport.send = (message) => {
    tell('out', message);
    return send(message);
  };
  const { onMessage } = transport;
  transport.onMessage = (message) => {
    tell('in', message);
    onMessage?.(message);
  };
}
