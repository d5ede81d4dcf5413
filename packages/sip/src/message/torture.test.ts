import { describe, expect, it } from 'vitest';
import messages from '../fixtures/rfc4475.json' with { type: 'json' };
import { judgeRequest, judgeResponse, type ServerAbilities } from './judge-request.ts';
import type { SipMessage, SipRequest, SipResponse } from './message.ts';
import { parseMessage } from './parse-message.ts';
import { type SipErrorCode, SipSyntaxError } from './sip-error.ts';
import { isSipUri, parseUri } from './uri.ts';
import { verifyMessage } from './verify-message.ts';
import { writeMessage } from './write-message.ts';

type Name = keyof typeof messages;

function bytesOf(name: Name): Uint8Array {
  return Uint8Array.from(atob(messages[name]), (char) => char.charCodeAt(0));
}

function read(name: Name): SipMessage {
  const bytes = bytesOf(name);
  const message = parseMessage(bytes);
  const written = writeMessage(message);
  expect(Array.from(written)).toEqual(Array.from(bytes.subarray(0, written.length)));
  return message;
}

const request = (name: Name) => read(name) as SipRequest;

/** The error that reading and verifying gives, with the request that can still be answered. */
function refused(name: Name): SipSyntaxError {
  try {
    verifyMessage(parseMessage(bytesOf(name)));
  } catch (error) {
    if (error instanceof SipSyntaxError) return error;
    throw error;
  }
  throw new Error(`${name} was accepted`);
}

function sipUser(text: string): string | undefined {
  const uri = parseUri(text);
  return isSipUri(uri) ? uri.user : undefined;
}

describe('RFC 4475 section 3.1.1: valid messages mean what they say', () => {
  const meanings: Partial<Record<Name, (message: SipRequest) => void>> = {
    wsinv: (message) => {
      expect(message).toMatchObject({
        method: 'INVITE',
        uri: 'sip:vivekg@chair-dnrc.example.com;unknownparam',
      });
      expect(message.to).toMatchObject({ uri: 'sip:vivekg@chair-dnrc.example.com', tag: '1918181833n' });
      expect(message.from).toMatchObject({ displayName: 'J Rosenberg \\"', tag: '98asjd8' });
      expect(message.maxForwards).toBe(68);
      expect(message.cseq).toEqual({ number: 9, method: 'INVITE' });
      expect(message.vias.map(({ transport, host, branch }) => [transport, host, branch])).toEqual([
        ['UDP', '192.0.2.2', '390skdjuw'],
        ['TCP', 'spindle.example.com', 'z9hG4bK9ikj8'],
        ['UDP', '192.168.255.111', 'z9hG4bK30239'],
      ]);
      expect(message.get('Subject')).toBe('');
      expect(message.get('NewFangledHeader')).toBe('newfangled value continued newfangled value');
      expect(message.get('UnknownHeaderWithUnusualValue')).toBe(';;,,;;,;');
      expect(message.routes[0]!.uri).toBe('sip:services.example.com;lr;unknownwith=value;unknown-no-value');
      expect(message.contacts[0]).toMatchObject({
        displayName: 'Quoted string ""',
        uri: 'sip:jdrosen@example.com',
      });
      expect(message.contacts[0]!.params.list.map(({ name, value }) => [name, value])).toEqual([
        ['newparam', 'newvalue'],
        ['secondparam', undefined],
        ['q', '0.33'],
      ]);
      expect(message.body).toHaveLength(150);
    },
    intmeth: (message) => {
      expect(message.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
      expect(parseUri(message.uri)).toMatchObject({
        user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
        password: "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)",
        host: 'example.com',
      });
      expect(message.to.displayName).toBe('BEL:\x07 NUL:\0 DEL:\x7f');
      expect(message.from).toMatchObject({
        displayName: "token1~` token2'+_ token3*%!.-",
        uri: 'sip:mundane@example.com',
      });
      expect(message.from.params.get("fromParam''~+*_!.-%")).toBe('работающий');
      expect(message.from.tag).toBe("_token~1'+`*%!-.");
      expect(message.via.branch).toBe("z9hG4bK-.!%66*_+`'~");
      expect(message.get("extensionHeader-!.%*+_`'~")).toBe('\uFEFF大停電');
    },
    esc01: (message) => {
      expect(sipUser(message.uri)).toBe('sips:user@example.com');
      expect(sipUser(message.to.uri)).toBe('user');
      expect(sipUser(message.from.uri)).toBe('I have spaces');
      const contact = parseUri(message.contacts[0]!.uri);
      expect(isSipUri(contact) && contact.user).toBe('caller');
      expect(isSipUri(contact) && contact.params.list).toContainEqual({ name: 'name', value: 'value%41' });
    },
    escnull: (message) => {
      expect(sipUser(message.to.uri)).toBe('null-\0-null');
      expect(message.contacts.map(({ uri }) => sipUser(uri))).toEqual(['\0', '\0\0']);
    },
    esc02: (message) => {
      expect(message.method).toBe('RE%47IST%45R');
      expect(message.to.displayName).toBe('%Z%45');
      expect(message.via.branch).toBe('z9hG4bK209%fzsnel234');
      expect(message.contacts).toHaveLength(2);
      expect(judgeRequest(message)).toMatchObject({ status: 501 });
    },
    lwsdisp: (message) => {
      expect(message.from).toMatchObject({
        displayName: 'caller',
        uri: 'sip:caller@example.com',
        tag: '323',
      });
    },
    longreq: (message) => {
      expect(message.vias).toHaveLength(34);
      expect(message.from.tag).toHaveLength(155);
      expect(message.callId).toMatch(/^longreq\.onereallyreally.*longcallid$/);
      expect(message.contacts[0]!.uri).toMatch(/^sip:amazinglylongcallername.*@host5\.example\.net$/);
    },
    dblreq: (message) => {
      expect(message.method).toBe('REGISTER');
      expect(message.body).toHaveLength(0);
      expect(writeMessage(message).length).toBeLessThan(bytesOf('dblreq').length);
    },
    semiuri: (message) => {
      expect(sipUser(message.uri)).toBe('user;par=u@example.net');
      expect(message.getAll('Accept')).toHaveLength(6);
    },
    transports: (message) => {
      expect(message.vias.map(({ transport }) => transport)).toEqual([
        'UDP',
        'SCTP',
        'TLS',
        'UNKNOWN',
        'TCP',
      ]);
    },
    mpart01: (message) => {
      expect(message.contentType).toMatchObject({ type: 'multipart/mixed' });
      expect(message.body).toHaveLength(message.contentLength!);
      expect(message.body).toContain(0);
    },
  };

  it.each(Object.keys(meanings) as Name[])('%s', (name) => {
    const message = request(name);
    verifyMessage(message);
    meanings[name]!(message);
  });

  it('unreason', () => {
    const response = read('unreason') as SipResponse;
    verifyMessage(response);
    expect(response).toMatchObject({
      status: 200,
      reason: '= 2**3 * 5**2 но сто девяносто девять - простое',
    });
  });

  it('noreason', () => {
    const response = read('noreason') as SipResponse;
    verifyMessage(response);
    expect(response).toMatchObject({ status: 100, reason: '' });
    expect(judgeResponse(response)).toBeUndefined();
  });
});

describe('RFC 4475 section 3.1.2: invalid messages are refused', () => {
  const refusals: Partial<Record<Name, SipErrorCode>> = {
    badinv01: 'parameter-malformed',
    clerr: 'body-truncated',
    ncl: 'content-length-malformed',
    scalar02: 'cseq-malformed',
    quotbal: 'quote-unended',
    ltgtruri: 'start-line-malformed',
    lwsruri: 'start-line-malformed',
    lwsstart: 'start-line-malformed',
    trws: 'start-line-malformed',
    escruri: 'uri-malformed',
    baddate: 'date-malformed',
    regbadct: 'address-malformed',
    badaspec: 'address-malformed',
    baddn: 'address-malformed',
    mismatch01: 'method-mismatch',
  };

  it.each(Object.entries(refusals) as [Name, SipErrorCode][])('%s with 400: %s', (name, code) => {
    const error = refused(name);
    expect(error).toMatchObject({ code, status: 400 });
    expect(error.clause).toMatch(/^RFC \d+ section/);
    const answerable = error.request ?? parseMessage(bytesOf(name));
    expect(answerable.callId).toMatch(new RegExp(`^${name.slice(0, 4)}`));
  });

  it.each(['scalarlg', 'bigcode'] as const)('%s, a response, is dropped', (name) => {
    expect(refused(name).clause).toMatch(/^RFC 3261 section/);
  });

  it('badvers with 505, mismatch02 with 501', () => {
    expect(judgeRequest(request('badvers'))).toMatchObject({ status: 505 });
    expect(judgeRequest(request('mismatch02'))).toMatchObject({ status: 501 });
    expect(refused('mismatch02').code).toBe('method-mismatch');
  });
});

describe('RFC 4475 sections 3.2 to 3.4: what a server makes of well-formed requests', () => {
  const verdicts: Partial<Record<Name, readonly [number | undefined, Partial<ServerAbilities>?]>> = {
    badbranch: [undefined],
    insuf: [400],
    unkscm: [416],
    novelsc: [416],
    unksm2: [400, { role: 'registrar' }],
    bext01: [420],
    invut: [415],
    regaut01: [401, { role: 'registrar' }],
    multi01: [400],
    zeromf: [483, { role: 'proxy' }],
    cparam01: [undefined, { role: 'registrar' }],
    cparam02: [undefined, { role: 'registrar' }],
    regescrt: [undefined, { role: 'registrar' }],
    sdp01: [406],
    inv2543: [undefined],
  };

  it.each(Object.keys(verdicts) as Name[])('%s', (name) => {
    const [status, abilities] = verdicts[name]!;
    expect(judgeRequest(request(name), abilities)?.status).toBe(status);
  });

  it('mcl01 with 400: it cannot be framed', () => {
    expect(refused('mcl01')).toMatchObject({ code: 'content-length-conflict', status: 400 });
    expect(refused('mcl01').request?.method).toBe('OPTIONS');
  });

  it('bcast, a response for another element, is dropped', () => {
    expect(judgeResponse(read('bcast') as SipResponse)).toMatchObject({ clause: 'RFC 3261 section 8.1.3.3' });
  });

  it('says more of some', () => {
    expect(judgeRequest(request('bext01'))!.headers).toEqual([
      ['Unsupported', 'nothingSupportsThis, nothingSupportsThisEither'],
    ]);
    expect(judgeRequest(request('bext01'), { role: 'proxy' })!.headers[0]![1]).toMatch(
      /noProxiesSupportThis/,
    );
    expect(judgeRequest(request('zeromf'))).toBeUndefined();
    expect(judgeRequest(request('unksm2'))).toBeUndefined();
    const [inHeader, inUri] = [request('cparam01'), request('cparam02')].map(({ contacts }) => contacts[0]!);
    expect(inHeader!.params.has('unknownparam')).toBe(true);
    expect(inUri!.params.has('unknownparam')).toBe(false);
  });
});

it('all 49 messages are there', () => {
  expect(Object.keys(messages)).toHaveLength(49);
});
