import { afterEach, describe, expect, it } from 'vitest';
import { makeRequest } from '../../message/make-message.ts';
import type { SipRequest } from '../../message/message.ts';
import type { SeededBug } from '../../message/seeded-bug.ts';
import type { ListeningPoint } from '../transport/transports.ts';
import { SipEndpoint } from './endpoint.ts';

const open: SipEndpoint[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

interface Far {
  readonly point: ListeningPoint;
  /** What came to its user, with the transport over which it came. */
  readonly got: { readonly request: SipRequest; readonly transport: string }[];
  readonly found: string[];
}

/** An endpoint that answers every request with 200, listening on UDP and, at the same port, TCP. */
async function far(seeded?: () => SeededBug | undefined): Promise<Far> {
  const got: Far['got'] = [];
  const found: string[] = [];
  const endpoint = new SipEndpoint(
    {
      request: (transaction) => {
        got.push({ request: transaction.request, transport: transaction.flow.transport });
        transaction.respond(200);
      },
      ack: () => {},
    },
    { onFinding: ({ code }) => found.push(code), ...(seeded === undefined ? {} : { seeded }) },
  );
  open.push(endpoint);
  const point = await endpoint.listen({ transport: 'tcp', host: '127.0.0.1', port: 0 });
  await endpoint.listen({ transport: 'udp', host: '127.0.0.1', port: point.port });
  return { point, got, found };
}

/** Sends a request, and gives the status of its answer. */
async function send(to: Far, subject: string, seeded?: () => SeededBug | undefined): Promise<number> {
  const endpoint = new SipEndpoint(
    { request: () => {}, ack: () => {} },
    seeded === undefined ? {} : { seeded },
  );
  open.push(endpoint);
  await endpoint.listen({ transport: 'udp', host: '127.0.0.1', port: 0 });
  const request = makeRequest({
    method: 'MESSAGE',
    uri: `sip:far@127.0.0.1:${to.point.port}`,
    headers: [
      ['From', '<sip:near@127.0.0.1>;tag=1'],
      ['To', '<sip:far@127.0.0.1>'],
      ['Call-ID', `${subject.slice(0, 8)}@127.0.0.1`],
      ['CSeq', '1 MESSAGE'],
      ['Subject', subject],
    ],
  });
  return new Promise((resolve, reject) => {
    endpoint.send(request, {
      response: ({ status }) => resolve(status),
      failed: (why) => reject(new Error(why)),
    });
  });
}

describe('an endpoint with a bug put in', () => {
  it('takes other messages in place of one that came in, until the bug is gone', async () => {
    let bug: SeededBug | undefined = { received: (message) => [message.set('Subject', 'another')] };
    const to = await far(() => bug);
    expect(await send(to, 'first')).toBe(200);
    bug = undefined;
    expect(await send(to, 'second')).toBe(200);
    expect(to.got.map(({ request }) => request.get('Subject'))).toEqual(['another', 'second']);
  });

  it('loses a message for which nothing is given: what is sent again is taken', async () => {
    let lost = 0;
    const to = await far(() => ({ received: (message) => (lost++ === 0 ? [] : [message]) }));
    expect(await send(to, 'lost once')).toBe(200);
    expect([lost, to.got.length]).toEqual([2, 1]);
  });

  it('sends another request in its place', async () => {
    const to = await far();
    expect(await send(to, 'stripped', () => ({ sending: (request) => request.remove('Subject') }))).toBe(200);
    expect(to.got[0]?.request.has('Subject')).toBe(false);
  });

  it('sends by UDP what is too large for it, where the bug says so', async () => {
    const to = await far();
    const large = 'x'.repeat(1400);
    await send(to, large);
    await send(to, large, () => ({ anySize: true }));
    expect(to.got.map(({ transport }) => transport)).toEqual(['tcp', 'udp']);
  });

  it('outlives a bug that throws', async () => {
    let thrown = 0;
    const to = await far(() => ({
      received: (message) => {
        if (thrown++ === 0) throw new Error('a bug in the bug');
        return [message];
      },
    }));
    expect(await send(to, 'again')).toBe(200);
    expect(to.found).toEqual(['handler-failed']);
  });
});
