import type { XmlElement } from '../xml/element.ts';
import { DEFAULT_XML_LIMITS } from '../xml/limits.ts';
import { parseElement } from '../xml/parse-element.ts';
import { writeElement } from '../xml/write.ts';
import { XmlStream } from '../xml/xml-stream.ts';
import { FuzzCore, ROLES, type Role } from './fuzz-core.ts';
import { mutateStream } from './mutate-stream.ts';
import { below, type Random } from './random.ts';

export interface StreamFuzzReport {
  readonly inputs: number;
  /** By what became of the stream, and by the code where it was bad XML. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly elements: number;
  readonly failed: number;
  /** At most ten inputs that broke a law. */
  readonly failures: readonly { readonly role: Role; readonly text: string; readonly error: string }[];
  readonly slowest: { readonly milliseconds: number; readonly length: number };
}

/** A server is used so often before a new one takes its place. */
const RUNS_OF_ONE = 400;

/**
 * Feeds damaged streams to the reader and to a server. `now` is a clock in milliseconds; `read` another reader, for
 * proving that a broken law is seen.
 */
export function fuzzStreams(
  inputs: number,
  corpora: Readonly<Record<Role, readonly string[]>>,
  random: Random,
  now: () => number,
  read: (text: string) => XmlElement = parseElement,
): StreamFuzzReport {
  const outcomes: Record<string, number> = {};
  const failures: { role: Role; text: string; error: string }[] = [];
  let core = new FuzzCore();
  let failed = 0;
  let elements = 0;
  let slowest = { milliseconds: 0, length: 0 };
  const count = (outcome: string): void => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  for (let input = 0; input < inputs; input += 1) {
    if (input % RUNS_OF_ONE === 0) core = new FuzzCore();
    const role = ROLES[input % ROLES.length]!;
    const text = mutateStream(random, corpora[role]);
    const cuts = Array.from({ length: below(random, 4) }, () => below(random, text.length + 1));
    const start = now();
    try {
      const read_ = checkReader(text, cuts, read);
      elements += read_.elements;
      if (read_.refused !== undefined) count(read_.refused);
      count(`${role} ${core.run(role, text, cuts)}`);
    } catch (error) {
      failed += 1;
      core = new FuzzCore();
      const words = error instanceof Error ? String(error.stack) : String(error);
      if (failures.length < 10) failures.push({ role, text, error: words });
    }
    const milliseconds = now() - start;
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, length: text.length };
  }
  return { inputs, outcomes, elements, failed, failures, slowest };
}

const HEADER = "<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'>";

/** The laws of the reader: the same wherever it is cut, an error has its place, and what is read is written the same. */
function checkReader(
  text: string,
  cuts: readonly number[],
  read: (text: string) => XmlElement,
): { elements: number; refused: string | undefined } {
  const whole = new XmlStream(DEFAULT_XML_LIMITS).push(HEADER + text);
  const parts = new XmlStream(DEFAULT_XML_LIMITS);
  const cut = [...parts.push(HEADER)];
  let from = 0;
  for (const at of [...[...cuts].sort((a, b) => a - b), text.length]) {
    cut.push(...parts.push(text.slice(from, at)));
    from = at;
  }
  if (whole.length !== cut.length)
    throw new Error(`${cut.length} events where it is cut, ${whole.length} where not`);
  let elements = 0;
  let refused: string | undefined;
  for (const [index, event] of whole.entries()) {
    const other = cut[index]!;
    if (event.kind !== other.kind) throw new Error(`${other.kind} where it is cut, ${event.kind} where not`);
    if (event.kind === 'error') {
      const { code, clause, line, column } = event.error;
      if (clause === '' || line < 1 || column < 1)
        throw new Error(`an error without a place: ${event.error.message}`);
      refused = code;
    }
    if (event.kind !== 'element' || other.kind !== 'element') continue;
    elements += 1;
    const written = writeElement(event.element);
    if (written !== writeElement(other.element) || event.raw !== other.raw)
      throw new Error('not the same where it is cut');
    if (writeElement(read(written)) !== written)
      throw new Error(`written, and read as something else: ${written}`);
  }
  return { elements, refused };
}
