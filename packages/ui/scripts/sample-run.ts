import { readFileSync } from 'node:fs';
import {
  type CallRecord,
  type Cell,
  type CheckResult,
  type Run,
  type TraceLine,
  totalsOf,
} from '@crosspoint/report';

const sdp = (name: string): string =>
  readFileSync(new URL(`../src/fixtures/${name}.sdp`, import.meta.url), 'utf8');
const OFFER = sdp('made-chrome-av-cand');
const ANSWER = sdp('made-chrome-av-answer');
const STARTED = Date.parse('2026-02-02T02:40:00Z');

const CHECKS: readonly (readonly [check: string, title: string, measured: CheckResult['measured']])[] = [
  ['offer-answer', 'The offer is answered and both sides reach stable.', { 'answer after ms': 184 }],
  [
    'ice-connected',
    'ICE finds a pair on both sides.',
    { pair: 'host-host', 'round trip ms': 0.6, 'connected after ms': 231 },
  ],
  [
    'dtls',
    'Both ends complete the DTLS handshake.',
    { cipher: 'TLS_AES_128_GCM_SHA256', srtp: 'AEAD_AES_128_GCM' },
  ],
  [
    'audio',
    'Sound from each side is decoded at the other.',
    {
      'caller heard Hz': 440.2,
      'callee heard Hz': 660.1,
      'delay ms': 58,
      'gap ms': 0,
      'MOS (estimated)': 4.41,
    },
  ],
  [
    'video',
    'The picture of each side is decoded at the other.',
    { 'frames decoded': 148, 'code read': true, width: 640, height: 480 },
  ],
  ['data', 'A message on the data channel is echoed.', { 'round trip ms': 1.9, bytes: 65536 }],
  ['codec-opus', 'The call runs on Opus when both sides prefer it.', { codec: 'opus/48000/2' }],
  ['codec-pcmu', 'The call runs on PCMU when only it is offered.', { codec: 'PCMU/8000' }],
  ['codec-vp8', 'The picture runs on VP8.', { codec: 'VP8/90000' }],
  ['codec-vp9', 'The picture runs on VP9.', { codec: 'VP9/90000' }],
  ['codec-h264', 'The picture runs on H.264.', { codec: 'H264/90000' }],
  ['codec-av1', 'The picture runs on AV1.', { codec: 'AV1/90000' }],
  ['dtmf', 'Digits sent by the caller arrive, in order.', { digits: '1590#' }],
  ['hold', 'Sound stops on hold and comes back after.', { 'silent ms': 2010 }],
  ['re-negotiate-add-video', 'Picture can be added to a call of sound alone.', { offers: 2 }],
  ['ice-restart', 'Sound comes back after an ICE restart.', { 'gap ms': 40 }],
  ['trickle', 'Candidates sent after the offer are used.', { candidates: 6 }],
  ['glare', 'Two offers at once are resolved and the call lives.', { 'resolved after ms': 122 }],
  ['hang-up-caller', 'When the caller hangs up, the callee is told why.', { reason: 'normal' }],
  ['hang-up-callee', 'When the callee hangs up, the caller is told why.', { reason: 'normal' }],
  ['decline', 'A declined call ends with that reason at the caller.', { reason: 'declined' }],
  ['busy', 'A busy callee is told to the caller as busy.', { reason: 'busy' }],
  ['cancel', 'A call given up before the answer rings no further.', { reason: 'cancelled' }],
  ['no-answer', 'A call nobody answers ends in time, with that reason.', { 'after ms': 5004 }],
  [
    'description-lint',
    'No description that passed a hop violates its grammar.',
    { descriptions: 4, errors: 0 },
  ],
];

function message(
  at: number,
  node: string,
  peer: string,
  direction: 'in' | 'out',
  summary: string,
  body: object,
  text = '',
): TraceLine {
  const raw = `${JSON.stringify(body)}${text === '' ? '' : `\n${text}`}`;
  return { at: STARTED + at, node, peer, direction, protocol: 'ws', raw, summary, call: 'c1' };
}

export function sampleCall(id: string, scenario: string, defect?: string): CallRecord {
  const wrong = ANSWER.replaceAll(/(a=fingerprint:sha-256 )../gi, '$100');
  const candidate = {
    type: 'candidate',
    call: 'c1',
    candidate: 'candidate:1 1 udp 2122260223 10.9.0.1 51234 typ host',
    mid: '0',
  };
  return {
    id,
    scenario,
    startedAtMs: STARTED,
    durationMs: 4230,
    trace: [
      message(12, 'server', 'caller', 'in', 'offer', { type: 'offer', call: 'c1', to: 'bob' }, OFFER),
      message(14, 'server', 'callee', 'out', 'offer', { type: 'offer', call: 'c1', from: 'alice' }, OFFER),
      message(33, 'server', 'callee', 'in', 'ringing', { type: 'ringing', call: 'c1' }),
      message(33, 'server', 'caller', 'out', 'ringing', { type: 'ringing', call: 'c1' }),
      message(41, 'server', 'caller', 'in', 'candidate', candidate),
      message(42, 'server', 'callee', 'out', 'candidate', candidate),
      message(184, 'server', 'callee', 'in', 'answer', { type: 'answer', call: 'c1' }, ANSWER),
      {
        ...message(
          186,
          'server',
          'caller',
          'out',
          'answer',
          { type: 'answer', call: 'c1' },
          defect === undefined ? ANSWER : wrong,
        ),
        ...(defect === undefined ? {} : { note: `defect seeded here: ${defect}` }),
      },
      message(190, 'server', 'callee', 'in', 'candidate', candidate),
      message(191, 'server', 'caller', 'out', 'candidate', candidate),
      message(4220, 'server', 'caller', 'in', 'end: hung up', {
        type: 'end',
        call: 'c1',
        reason: { code: 'normal' },
      }),
      message(4221, 'server', 'callee', 'out', 'end: hung up', {
        type: 'end',
        call: 'c1',
        reason: { code: 'normal' },
      }),
    ],
    descriptions: [
      {
        name: '1-caller-offer',
        at: STARTED + 12,
        node: 'server',
        direction: 'in',
        role: 'offer',
        text: OFFER,
        findings: [
          {
            code: 'ip-in-connection',
            severity: 'warning',
            message: 'c= names an address although candidates follow',
            clause: 'RFC 8829 section 5.2.1',
            line: 9,
            column: 3,
          },
        ],
      },
      {
        name: '2-callee-offer',
        at: STARTED + 14,
        node: 'server',
        direction: 'out',
        role: 'offer',
        text: OFFER,
        findings: [],
      },
      {
        name: '3-callee-answer',
        at: STARTED + 184,
        node: 'server',
        direction: 'in',
        role: 'answer',
        text: ANSWER,
        findings: [],
      },
      {
        name: '4-caller-answer',
        at: STARTED + 186,
        node: 'server',
        direction: 'out',
        role: 'answer',
        text: defect === undefined ? ANSWER : wrong,
        findings:
          defect === undefined
            ? []
            : [
                {
                  code: 'fingerprint-differs',
                  severity: 'error',
                  message: 'the fingerprint is not the one the callee sent',
                  clause: 'RFC 8122 section 5',
                  line: 18,
                  column: 1,
                },
              ],
      },
    ],
    changes: [
      { from: '1-caller-offer', to: '2-callee-offer', words: [] },
      {
        from: '3-callee-answer',
        to: '4-caller-answer',
        words: defect === undefined ? [] : ['a=fingerprint of the first and second m-section was changed'],
      },
    ],
    ...(defect === undefined ? {} : { defect }),
  };
}

function resultsOf(caller: string, callee: string): CheckResult[] {
  return CHECKS.map(([check, title, measured]): CheckResult => {
    const base: CheckResult = {
      check,
      title,
      verdict: 'passed',
      reason: 'the evidence shows it in both directions',
      measured,
      call:
        check === 'dtls' || check === 'audio' || check === 'video' || check === 'data' ? 'call-1' : 'call-2',
      durationMs: 400 + check.length * 37,
    };
    const embedded = caller === 'embedded' || callee === 'embedded';
    if (embedded && /^(video|codec-(vp8|vp9|h264|av1)|re-negotiate)/.test(check)) {
      return {
        ...base,
        verdict: 'unsupported',
        reason: 'embedded decodes no video',
        proof: 'the driver declares no video capability, and the answer rejects the m-section (port 0)',
        measured: {},
      };
    }
    if (check === 'codec-h264' && (caller === 'chromium' || callee === 'chromium')) {
      return {
        ...base,
        verdict: 'unsupported',
        reason: 'this build of Chromium carries no H.264',
        proof: 'RTCRtpSender.getCapabilities names no video/H264',
        measured: {},
      };
    }
    if (check === 'audio' && caller === 'chromium' && callee === 'firefox') {
      return {
        ...base,
        verdict: 'failed',
        reason: 'no tone was decoded at the callee within 5 s',
        clause: 'RFC 8827 section 5.6.4',
        measured: { 'caller heard Hz': 0, 'callee heard Hz': 0, 'packets received': 0 },
        diagnosis: [
          {
            cause: 'dtls-fingerprint-wrong',
            words:
              'the answer the caller got carries a fingerprint that is not that of the callee’s certificate',
            clause: 'RFC 8122 section 5',
            hop: 'server → caller',
            seen: [
              '4-caller-answer line 18 differs from 3-callee-answer line 18',
              'caller: DTLS alert 42 (bad_certificate)',
              'callee: dtlsTransport.state failed',
            ],
          },
          {
            cause: 'ice-no-pair',
            words: 'no candidate pair was nominated',
            clause: 'RFC 8445 section 8',
            seen: ['caller: iceConnectionState disconnected'],
          },
        ],
      };
    }
    if (check === 'glare' && callee === 'chromium' && caller === 'firefox') {
      return {
        ...base,
        verdict: 'failed',
        reason: 'the caller stayed in have-local-offer for 10 s',
        measured: { 'resolved after ms': false },
        diagnosis: [
          {
            cause: 'glare-no-rollback',
            words: 'neither side rolled its offer back',
            clause: 'RFC 8829 section 4.1.10.2',
            hop: 'caller',
            seen: ['two offers within 3 ms and no answer'],
          },
        ],
      };
    }
    if (check === 'ice-restart' && caller === 'embedded' && callee === 'embedded') {
      return {
        ...base,
        verdict: 'broken',
        reason: 'the peer did not start a second time: port 40012 in use',
        measured: {},
      };
    }
    return base;
  });
}

function cellOf(topology: string, transport: 'ws' | 'http', caller: string, callee: string): Cell {
  const id = `${topology}/${transport}/${caller}--${callee}`;
  const defect = caller === 'chromium' && callee === 'firefox' ? 'dtls-fingerprint-wrong' : undefined;
  return {
    id,
    topology,
    transport,
    caller,
    callee,
    startedAt: '2026-02-02T02:40:00.000Z',
    durationMs: 38_200,
    folder: id,
    rerun: `npm run lab -- matrix --topology ${topology} --transport ${transport} --caller ${caller} --callee ${callee}`,
    results: resultsOf(caller, callee),
    calls: [
      sampleCall('call-1', 'sound and picture', defect),
      sampleCall('call-2', 'hold and resume'),
      sampleCall('call-3', 'declined'),
    ],
  };
}

/** A run as the lab leaves it, for looking at the pages: good cells, a failed one, gaps with proof, a broken one. */
export function sampleRun(): Run {
  const peers = ['chromium', 'firefox', 'embedded'];
  const cells = [
    ...peers.flatMap((caller) => peers.map((callee) => cellOf('triangle', 'ws', caller, callee))),
    ...peers
      .slice(0, 2)
      .flatMap((caller) => peers.slice(0, 2).map((callee) => cellOf('triangle', 'http', caller, callee))),
  ].filter(({ id }) => id !== 'triangle/http/firefox--firefox');
  return {
    schema: 'crosspoint.run/1',
    id: '2026-02-02-0240-7f3a',
    startedAt: '2026-02-02T02:40:00.000Z',
    durationMs: 312_000,
    command: 'npm run lab -- matrix --topology triangle',
    crosspoint: '0.1.0',
    host: {
      node: '20.20.0',
      platform: 'linux x64',
      cores: 2,
      network: {
        kind: 'namespace',
        address: '10.9.0.1',
        words: 'in a network namespace of its own, nothing else reachable',
      },
    },
    peers: [
      {
        id: 'chromium',
        name: 'Chromium',
        version: '156.0.7201.0',
        kind: 'browser',
        capabilities: ['audio', 'video', 'data'],
      },
      {
        id: 'firefox',
        name: 'Firefox ESR',
        version: '153.0',
        kind: 'browser',
        capabilities: ['audio', 'video', 'data'],
      },
      {
        id: 'embedded',
        name: 'node-datachannel',
        version: '0.32.1',
        kind: 'program',
        capabilities: ['audio', 'data'],
      },
    ],
    absent: [{ id: 'baresip', why: 'not installed', install: 'apt-get install baresip-core' }],
    cells,
    totals: totalsOf({ cells }),
  };
}
