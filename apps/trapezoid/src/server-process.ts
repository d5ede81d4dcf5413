import type { SeededChange } from '@crosspoint/web-phone/node';
import { seededChange } from '@crosspoint/web-phone/node';
import { FederatedServer } from './federated-server.ts';
import type { Order, Report } from './separate-server.ts';

// One server of the trapezoid, started by the app as a process of its own. It ends when the app is gone.

let server: FederatedServer | undefined;

const tell = (report: Report): void => void (process.connected && process.send?.(report));

async function follow(order: Order): Promise<void> {
  switch (order.type) {
    case 'start': {
      const { defect, ...plan } = order.plan;
      const change: SeededChange | undefined = defect === undefined ? undefined : seededChange(defect);
      server = await FederatedServer.start({
        ...plan,
        tap: (entry) => tell({ type: 'traced', entry }),
        change: () => change,
      });
      const { url, port, sipPort } = server;
      tell({ type: 'ready', url, port, sipPort });
      return;
    }
    case 'federate':
      server?.federate(order.way);
      return;
    case 'show':
      server?.show(order.entry);
      return;
    case 'counts':
      if (server !== undefined) tell({ type: 'counts', counts: await server.counts() });
  }
}

process.on('message', (order: Order) => {
  follow(order).catch((error: unknown) => {
    tell({ type: 'failed', words: error instanceof Error ? error.message : String(error) });
  });
});
process.on('disconnect', () => {
  void (server?.close() ?? Promise.resolve()).finally(() => process.exit(0));
});
// Ctrl-C goes to the whole group: the app says when it is over.
process.on('SIGINT', () => {});
