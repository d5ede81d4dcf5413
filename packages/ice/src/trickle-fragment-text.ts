import type { IceCandidate } from './candidate.ts';
import { parseCandidate, writeCandidate } from './candidate-text.ts';
import { IceError } from './ice-error.ts';
import type { FragmentLevel, FragmentMedia, TrickleFragment } from './trickle-fragment.ts';

const CLAUSE = 'RFC 8840 section 9.2';

type Building<T> = { -readonly [Key in keyof T]: T[Key] };
interface Level extends Building<Omit<FragmentLevel, 'candidates' | 'other'>> {
  candidates: IceCandidate[];
  other: string[];
}
type Media = Level & Building<Omit<FragmentMedia, keyof FragmentLevel>>;
type Session = Level & Building<Omit<TrickleFragment, keyof FragmentLevel | 'media'>>;

/**
 * Reads an `application/trickle-ice-sdpfrag` body (RFC 8840 section 9.2), lines ended by CRLF or LF. Unknown lines are
 * kept. Throws `IceError` with line and column: `fragment-syntax`, or a candidate's own error.
 */
export function parseTrickleFragment(text: string): TrickleFragment {
  const session: Session = { ...emptyLevel(), iceLite: false };
  const media: Media[] = [];
  let level: Level = session;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  lines.forEach((ended, index) => {
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended;
    const number = index + 1;
    if (!/^[a-z]=/.test(line)) {
      throw new IceError('fragment-syntax', `"${line}" is no line of SDP`, CLAUSE, {
        line: number,
        column: 1,
      });
    }
    if (line.startsWith('m=')) {
      const next = parseMedia(line, number);
      media.push(next);
      level = next;
    } else if (!readShared(line, number, level) && !readOwn(line, session, media.at(-1))) {
      level.other.push(line);
    }
  });
  const fragment: TrickleFragment = { ...session, media };
  return writeFields(fragment) === text ? fragment : { ...fragment, spelling: text };
}

/**
 * Writes a fragment, CRLF after each line. `writeTrickleFragment(parseTrickleFragment(text)) === text` for all that
 * parses; a changed copy is written from its fields in the order of RFC 8840's grammar.
 */
export function writeTrickleFragment(fragment: TrickleFragment): string {
  const text = writeFields(fragment);
  const { spelling } = fragment;
  if (spelling === undefined) return text;
  try {
    return writeFields(parseTrickleFragment(spelling)) === text ? spelling : text;
  } catch (error) {
    if (error instanceof IceError) return text;
    throw error;
  }
}

function emptyLevel(): Level {
  return { candidates: [], endOfCandidates: false, other: [] };
}

function parseMedia(line: string, number: number): Media {
  const [media, port, protocol, ...formats] = line.slice(2).split(' ');
  if (!media || !port || !protocol || formats.length === 0) {
    throw new IceError('fragment-syntax', 'a pseudo m-line has media, port, protocol and formats', CLAUSE, {
      line: number,
      column: line.length + 1,
    });
  }
  return { ...emptyLevel(), media, port, protocol, formats };
}

/** Takes a line that both levels know; the first of its kind counts, a repeated one is kept among the others. */
function readShared(line: string, number: number, level: Level): boolean {
  if (line.startsWith('a=candidate:')) level.candidates.push(readCandidate(line, number));
  else if (line.startsWith('a=ice-ufrag:') && level.iceUfrag === undefined) level.iceUfrag = line.slice(12);
  else if (line.startsWith('a=ice-pwd:') && level.icePwd === undefined) level.icePwd = line.slice(10);
  else if (line === 'a=end-of-candidates' && !level.endOfCandidates) level.endOfCandidates = true;
  else return false;
  return true;
}

/** Takes a line that belongs to one level only: `a=mid` below an m-line, the others above the first. */
function readOwn(line: string, session: Session, media: Media | undefined): boolean {
  if (media !== undefined) {
    if (!line.startsWith('a=mid:') || media.mid !== undefined) return false;
    media.mid = line.slice(6);
    return true;
  }
  if (line === 'a=ice-lite' && !session.iceLite) session.iceLite = true;
  else if (line.startsWith('a=ice-options:') && session.iceOptions === undefined) {
    session.iceOptions = line.slice(14).split(' ');
  } else if (line.startsWith('a=group:') && session.group === undefined) session.group = line.slice(8);
  else return false;
  return true;
}

function readCandidate(line: string, number: number): IceCandidate {
  try {
    return parseCandidate(line);
  } catch (error) {
    if (!(error instanceof IceError)) throw error;
    const column = error.column ?? 1;
    throw new IceError(error.code, 'a candidate that cannot be read', error.clause, { line: number, column });
  }
}

function writeFields(fragment: TrickleFragment): string {
  const lines: string[] = [];
  if (fragment.group !== undefined) lines.push(`a=group:${fragment.group}`);
  if (fragment.iceLite) lines.push('a=ice-lite');
  if (fragment.iceOptions !== undefined) lines.push(`a=ice-options:${fragment.iceOptions.join(' ')}`);
  writeLevel(lines, fragment);
  for (const media of fragment.media) {
    lines.push(`m=${[media.media, media.port, media.protocol, ...media.formats].join(' ')}`);
    if (media.mid !== undefined) lines.push(`a=mid:${media.mid}`);
    writeLevel(lines, media);
  }
  return lines.map((line) => `${line}\r\n`).join('');
}

function writeLevel(lines: string[], level: FragmentLevel): void {
  if (level.iceUfrag !== undefined) lines.push(`a=ice-ufrag:${level.iceUfrag}`);
  if (level.icePwd !== undefined) lines.push(`a=ice-pwd:${level.icePwd}`);
  lines.push(...level.other);
  for (const candidate of level.candidates)
    lines.push(writeCandidate({ ...candidate, prefix: 'a=candidate:' }));
  if (level.endOfCandidates) lines.push('a=end-of-candidates');
}
