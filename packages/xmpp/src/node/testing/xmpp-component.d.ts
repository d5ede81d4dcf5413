/** Nobody published types for it; what the tests use has the shape of `@xmpp/client`'s. */
declare module '@xmpp/component' {
  import type { Client } from '@xmpp/client';

  export { xml } from '@xmpp/client';
  export function component(options: {
    readonly service: string;
    readonly domain: string;
    readonly password: string;
  }): Pick<Client, 'iqCallee' | 'iqCaller' | 'on' | 'reconnect' | 'send' | 'start' | 'stop'>;
}
