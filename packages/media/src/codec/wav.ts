import { FormatError } from '../format-error.ts';

const CLAUSE = 'RIFF WAVE (Multimedia Programming Interface 1.0)';

/** 16-bit linear PCM, first channel only. */
export interface Recording {
  readonly pcm: Int16Array;
  readonly sampleRate: number;
}

/** A mono WAV file of 16-bit PCM at `sampleRate` Hz. */
export function encodeWav(pcm: Int16Array, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * pcm.length);
  const view = new DataView(bytes.buffer);
  const tag = (offset: number, text: string) => {
    for (let at = 0; at < text.length; at += 1) bytes[offset + at] = text.charCodeAt(at);
  };
  tag(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, 2 * pcm.length, true);
  for (let at = 0; at < pcm.length; at += 1) view.setInt16(44 + 2 * at, pcm[at]!, true);
  return bytes;
}

/**
 * Reads the first channel of a 16-bit PCM WAV file; other chunks are stepped over. A data chunk that claims
 * more than there is (a recorder that was stopped by force) gives what there is.
 * @throws FormatError when it is no WAV file, or not 16-bit PCM.
 */
export function decodeWav(bytes: Uint8Array): Recording {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (offset: number) =>
    offset + 4 <= bytes.length ? String.fromCharCode(...bytes.subarray(offset, offset + 4)) : '';
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') {
    throw new FormatError('bad-value', 0, CLAUSE, 'not a RIFF WAVE file');
  }
  let channels = 0;
  let sampleRate = 0;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === 'fmt ') {
      if (body + 16 > bytes.length) throw new FormatError('truncated', at, CLAUSE, 'fmt chunk cut off');
      const format = view.getUint16(body, true);
      const bits = view.getUint16(body + 14, true);
      channels = view.getUint16(body + 2, true);
      sampleRate = view.getUint32(body + 4, true);
      // 0xFFFE is the extensible form, which carries plain PCM as well.
      if ((format !== 1 && format !== 0xfffe) || bits !== 16 || channels === 0) {
        throw new FormatError(
          'unsupported',
          body,
          CLAUSE,
          `format ${format} with ${bits} bits is not 16-bit PCM`,
        );
      }
    } else if (tag(at) === 'data') {
      if (channels === 0) throw new FormatError('bad-value', at, CLAUSE, 'data chunk before the fmt chunk');
      const frames = Math.floor(Math.min(length, bytes.length - body) / (2 * channels));
      const pcm = new Int16Array(frames);
      for (let frame = 0; frame < frames; frame += 1)
        pcm[frame] = view.getInt16(body + 2 * channels * frame, true);
      return { pcm, sampleRate };
    }
    at = body + length + (length % 2);
  }
  throw new FormatError('truncated', bytes.length, CLAUSE, 'no data chunk');
}
