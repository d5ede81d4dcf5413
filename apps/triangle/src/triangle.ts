import type { Finding } from '@crosspoint/gateway';
import type { EndReason } from '@crosspoint/signaling';
import {
  joinLegs,
  type SeededChange,
  startWebServer,
  type WebServer,
  type WebServerOptions,
} from '@crosspoint/web-phone/node';

export interface TriangleOptions extends Omit<WebServerOptions, 'topology' | 'node' | 'onCall'> {
  /** How long a call may ring, in milliseconds. */
  readonly noAnswerMs?: number;
  /** Asked for at each call. */
  readonly change?: () => SeededChange | undefined;
  readonly onOver?: (call: string, reason: EndReason) => void;
  readonly onFinding?: (call: string, finding: Finding) => void;
}

/**
 * The triangle: one web server that joins the legs of its two pages.
 * @throws Error with `code` `EADDRINUSE` where the port is busy, or where the page is not built
 */
export function startTriangle({
  noAnswerMs,
  change,
  onOver,
  onFinding,
  ...web
}: TriangleOptions): Promise<WebServer> {
  return startWebServer({
    ...web,
    topology: 'triangle',
    onCall: ({ leg, from, to, server }) => {
      const callee = to === from ? undefined : server.ring(to, from, leg.traceCall);
      if (callee === undefined) {
        leg.send({ type: 'end', reason: { code: 'not-found', text: `there is no ${to} here` } });
        return;
      }
      joinLegs({
        caller: leg,
        callee,
        ...(noAnswerMs !== undefined ? { noAnswerMs } : {}),
        change: change?.(),
        onOver: (reason) => onOver?.(leg.traceCall, reason),
        onFinding: (finding) => onFinding?.(leg.traceCall, finding),
      });
    },
  });
}
