import { ATTRIBUTES, type AttributeName } from '../attributes/grammar.ts';
import { endingOf, type Line } from '../line.ts';
import { contentEnd } from '../line-index.ts';
import { doubtful, type LintSubject, wrong } from './subject.ts';

// RFC 8866 section 5; z= and k= stand where they are obsolete but legal, attributes last.
const SESSION_ORDER = 'vosiuepcbtrzka';
const MEDIA_ORDER = 'micbka';

function isAttribute(line: Line): line is Extract<Line, { kind: AttributeName }> {
  return line.kind in ATTRIBUTES;
}

/** Missing, doubled and misplaced lines, odd endings and spaces, malformed attributes. */
export function checkStructure(subject: LintSubject): void {
  checkRequired(subject);
  for (const [section, index] of subject.sections()) {
    const order = index < 0 ? SESSION_ORDER : MEDIA_ORDER;
    let reached = 0;
    section.lines.forEach((line, at) => {
      checkText(subject, line, index, at);
      checkLevel(subject, line, index, at);
      const letter = line.kind === 'blank' ? 'a' : line.raw.charAt(0);
      const place = order.indexOf(letter);
      if (place < 0) {
        const known = SESSION_ORDER.includes(letter) || letter === 'm';
        const message = known ? `${letter}= does not belong here` : `no line begins with ${letter}=`;
        subject.add(wrong('line-unknown', 'RFC 8866 section 5', message), index, at);
      } else if (place < reached && !(letter === 'r' || letter === 't')) {
        const message = `${letter}= comes after ${order.charAt(reached)}=`;
        subject.add(doubtful('line-order', 'RFC 8866 section 5', message), index, at);
      }
      reached = Math.max(reached, place);
    });
  }
  checkEndings(subject);
}

function checkRequired(subject: LintSubject): void {
  const { lines } = subject.description.session;
  const required = [
    ['o', 'origin-missing', '5.2'],
    ['s', 'session-name-missing', '5.3'],
    ['t', 'timing-missing', '5.9'],
  ] as const;
  for (const [kind, code, section] of required) {
    const clause = `RFC 8866 section ${section}`;
    if (!lines.some((line) => line.kind === kind))
      subject.add(wrong(code, clause, `no ${kind}= line`), -1, 0);
  }
  for (const kind of ['v', 'o', 's', 'i', 'u', 'c'] as const) {
    const first = lines.findIndex((line) => line.kind === kind);
    lines.forEach((line, at) => {
      if (line.kind !== kind || at === first) return;
      subject.add(wrong('line-duplicate', 'RFC 8866 section 5', `a second ${kind}= line`), -1, at);
    });
    const line = lines[first];
    if (line?.kind === 's' && line.value === '') {
      subject.add(
        doubtful('session-name-empty', 'RFC 8866 section 5.3', 's= is empty; write `s=-`'),
        -1,
        first,
      );
    }
  }
}

function checkText(subject: LintSubject, line: Line, index: number, at: number): void {
  if (line.kind === 'blank') {
    subject.add(doubtful('blank-line', 'RFC 8866 section 5', 'an empty line at the end'), index, at);
    return;
  }
  if (line.kind === 'malformed') {
    const { name, clause } = line.value;
    const shown = name.length === 1 ? `${name}=` : `a=${name}`;
    const column = name.length === 1 ? 3 : Math.min(4 + name.length, line.raw.length);
    subject.add(wrong('attribute-malformed', clause, `${shown} is malformed`), index, at, column);
  }
  // A session name of one space is what RFC 4566 asked for.
  if (line.kind === 's' || line.kind === 'i') return;
  const end = contentEnd(line.raw, 0, line.raw.length);
  const trimmed = trimmedEnd(line.raw, end);
  if (trimmed === end) return;
  const message = `${end - trimmed} space(s) at the end of ${line.raw.charAt(0)}=`;
  const clause = line.kind === 'm' ? 'RFC 8866 section 5.14' : 'RFC 8866 section 9';
  const statement = line.kind === 'm' ? wrong : doubtful;
  subject.add(statement('trailing-space', clause, message), index, at, trimmed + 1);
}

function checkLevel(subject: LintSubject, line: Line, index: number, at: number): void {
  if (!isAttribute(line)) return;
  const row = ATTRIBUTES[line.kind];
  if (row.level === 'both' || row.level === (index < 0 ? 'session' : 'media')) return;
  if (line.kind === 'ice-lite') {
    const message =
      'a=ice-lite belongs to the session level; read there only, both sides take themselves for full';
    subject.add(wrong('ice-lite-session', row.clause, message), index, at);
    return;
  }
  const message = `a=${line.kind} belongs to the ${row.level} level`;
  subject.add(doubtful('attribute-level', row.clause, message), index, at);
}

function checkEndings(subject: LintSubject): void {
  let reported = false;
  let last: Line | undefined;
  for (const [section, index] of subject.sections()) {
    section.lines.forEach((line, at) => {
      last = line;
      if (reported || endingOf(line.raw) !== '\n') return;
      reported = true;
      const message = 'a line ends with LF alone; CRLF is what a writer owes';
      subject.add(doubtful('line-ending', 'RFC 8866 section 5', message), index, at);
    });
  }
  if (last === undefined || endingOf(last.raw) !== '') return;
  const index = subject.description.media.length - 1;
  const message = 'the last line has no ending';
  const clause = 'RFC 8866 section 9';
  subject.add(
    doubtful('line-ending-missing', clause, message),
    index,
    subject.section(index).lines.length - 1,
  );
}

function trimmedEnd(raw: string, end: number): number {
  let at = end;
  while (at > 2 && (raw.charAt(at - 1) === ' ' || raw.charAt(at - 1) === '\t')) at--;
  return at;
}
