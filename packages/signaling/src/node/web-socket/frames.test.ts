import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as library from 'ws';
import { noteAscii } from '../known-ascii.ts';
import { FrameReader } from './frame-reader.ts';
import { encodeTextFrame, putTextFrame } from './text-frame.ts';

// The library's own reader and writer of frames, which its types leave out.
const { Receiver, Sender } = library as unknown as {
  readonly Receiver: new (options: {
    isServer: boolean;
    maxPayload: number;
  }) => NodeJS.EventEmitter & { write(bytes: Buffer): void };
  readonly Sender: {
    frame(
      data: Buffer,
      options: { fin: boolean; opcode: number; mask: true; readOnly: true; rsv1: false },
    ): Buffer[];
  };
};

interface Read {
  readonly texts: string[];
  readonly others: string[];
}

function reader(maxPayload = 1000): { frames: FrameReader; read: Read } {
  const read: Read = { texts: [], others: [] };
  const frames = new FrameReader(maxPayload, {
    text: (text) => read.texts.push(text),
    ping: (payload) => read.others.push(`ping ${payload.toString()}`),
    close: (code) => read.others.push(`close ${code}`),
    fault: (status) => read.others.push(`fault ${status}`),
  });
  return { frames, read };
}

/** Frames as the library's client makes them. */
function masked(data: string | Buffer, opcode: number, fin = true): Buffer {
  return Buffer.concat(
    Sender.frame(Buffer.from(data), { fin, opcode, mask: true, readOnly: true, rsv1: false }),
  );
}

describe('the reader of frames', () => {
  it('reads what a client writes, however it is fragmented and cut', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    const message = fc.record({ text, cuts: fc.array(fc.nat(300), { maxLength: 3 }), ping: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.array(fc.nat(4000), { maxLength: 8 }),
        (messages, cuts) => {
          const frames: Buffer[] = [];
          for (const { text, cuts, ping } of messages) {
            const bytes = Buffer.from(text);
            const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
            for (let i = 0; i + 1 < at.length; i++) {
              frames.push(masked(bytes.subarray(at[i], at[i + 1]), i === 0 ? 1 : 0, i + 2 === at.length));
              if (ping) frames.push(masked('p', 9));
            }
          }
          const bytes = Buffer.concat(frames);
          const { frames: read, read: got } = reader(10_000);
          let from = 0;
          for (const cut of [
            ...cuts.filter((each) => each < bytes.length).sort((a, b) => a - b),
            bytes.length,
          ]) {
            read.push(Buffer.from(bytes.subarray(from, cut)));
            from = cut;
          }
          expect(got.texts).toEqual(messages.map(({ text }) => text));
          expect(got.others.every((other) => other === 'ping p')).toBe(true);
        },
      ),
    );
  });

  it('reads a message that comes byte by byte', () => {
    const { frames, read } = reader();
    for (const byte of Buffer.concat([masked('x'.repeat(700), 1), masked('behind', 1)]))
      frames.push(Buffer.from([byte]));
    expect(read.texts).toEqual(['x'.repeat(700), 'behind']);
  });

  const unmasked = Buffer.from([0x81, 1, 97]);
  const reserved = masked('a', 1);
  reserved[0]! |= 0x40;
  const longPing = masked('a'.repeat(126), 9);
  it.each([
    ['a frame without a mask', [unmasked], 'fault 1002'],
    ['a reserved bit', [reserved], 'fault 1002'],
    ['an opcode that is none', [masked('a', 3)], 'fault 1002'],
    ['a control opcode that is none', [masked('a', 11)], 'fault 1002'],
    ['a ping that is too long', [longPing], 'fault 1002'],
    ['a ping in fragments', [masked('a', 9, false)], 'fault 1002'],
    ['a continuation of nothing', [masked('a', 0)], 'fault 1002'],
    ['a message within a message', [masked('a', 1, false), masked('b', 1)], 'fault 1002'],
    ['a binary frame', [masked('a', 2)], 'fault 1003'],
    ['a message beyond the limit', [masked('a'.repeat(1001), 1)], 'fault 1009'],
    [
      'fragments beyond the limit',
      [masked('a'.repeat(600), 1, false), masked('a'.repeat(600), 0)],
      'fault 1009',
    ],
    ['text that is no UTF-8', [masked(Buffer.from([0xc3, 0x28]), 1)], 'fault 1007'],
    ['half a status code', [masked(Buffer.from([3]), 8)], 'fault 1002'],
    ['a status code that may not be sent', [masked(Buffer.from([3, 0xed]), 8)], 'fault 1002'],
    ['a reason that is no UTF-8', [masked(Buffer.from([3, 0xe8, 0xc3, 0x28]), 8)], 'fault 1007'],
    ['a close', [masked(Buffer.from([3, 0xe8]), 8)], 'close 1000'],
    ['a close without a code', [masked('', 8)], 'close undefined'],
  ])('ends with %s, and reads nothing behind it', (_, bytes, end) => {
    const { frames, read } = reader();
    frames.push(Buffer.concat([...bytes, masked('behind', 1)]));
    frames.push(masked('and behind that', 1));
    expect(read.others).toEqual([end]);
    expect(read.texts).toEqual([]);
  });

  it('does not wait for what a header announces beyond the limit', () => {
    const { frames, read } = reader();
    frames.push(Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
    expect(read.others).toEqual(['fault 1009']);
  });
});

function readByLibrary(frame: Buffer): string | undefined {
  const receiver = new Receiver({ isServer: false, maxPayload: 1e6 });
  let got: string | undefined;
  receiver.on('message', (data: Buffer) => {
    got = data.toString('utf8');
  });
  receiver.write(Buffer.from(frame));
  return got;
}

const ROOM = 70_000;
/** Bytes of the room that belong to others. */
const BEFORE = 5;

describe('the writer of frames', () => {
  it('writes what a client reads, of every length and in every writing', () => {
    const lengths = [0, 1, 124, 125, 126, 127, 2048, 65_530, 65_535, 65_536, 70_000];
    let put = 0;
    const ascii = fc.constantFrom(...lengths).map((length) => 'x'.repeat(length));
    const body = fc.oneof(ascii, fc.string({ unit: 'binary', maxLength: 300 }), fc.constant('é'.repeat(63)));
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string()),
        fc.option(body, { nil: undefined }),
        fc.boolean(),
        (line, sdp, known) => {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that is ASCII
          if (known && sdp !== undefined && /^[\x00-\x7f]*$/.test(sdp)) noteAscii(sdp);
          const want = sdp === undefined ? line : `${line}\n${sdp}`;
          expect(readByLibrary(encodeTextFrame(line, sdp))).toBe(want);
          const room = Buffer.alloc(ROOM);
          const end = putTextFrame(room, BEFORE, line, sdp);
          if (end < 0) return;
          put++;
          expect(readByLibrary(room.subarray(BEFORE, end))).toBe(want);
          expect(room.subarray(0, BEFORE).every((byte) => byte === 0)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
    expect(put).toBeGreaterThan(50);
  });
});
