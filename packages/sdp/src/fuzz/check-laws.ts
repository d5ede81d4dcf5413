import type { SessionDescription } from '../description.ts';
import { judge } from '../judge.ts';
import { open } from '../lazy-description.ts';
import { attribute, attributes } from '../lenses/attributes.ts';
import { codecs } from '../lenses/codecs.ts';
import { direction } from '../lenses/direction.ts';
import { iceCredentials } from '../lenses/ice.ts';
import { restrictCodecs } from '../lenses/restrict-codecs.ts';
import { lint } from '../lint/lint.ts';
import { checkAnswer } from '../negotiation/check-answer.ts';
import { checkReoffer } from '../negotiation/check-reoffer.ts';
import { diff } from '../negotiation/diff.ts';
import { explain } from '../negotiation/explain.ts';
import { parse } from '../parse.ts';
import { SdpError, type SdpErrorCode } from '../sdp-error.ts';
import { write, writeCanonical } from '../write.ts';

/** What became of one input: read, or refused with a code. A broken law is an exception. */
export type Outcome = 'parsed' | SdpErrorCode;

function outcomeOf<T>(work: () => T): { readonly value: T } | { readonly code: SdpErrorCode } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof SdpError && error.line >= 1 && error.column >= 1) return { code: error.code };
    throw error;
  }
}

function demand(held: boolean, law: string): void {
  if (!held) throw new Error(`law broken: ${law}`);
}

/**
 * Holds the library to its laws on one input: what parses is written back byte for byte; nothing throws but SdpError;
 * the lazy reader agrees with the full one; every judgement and every lens comes to an end.
 */
export function checkLaws(text: string, reference: SessionDescription): Outcome {
  const full = outcomeOf(() => parse(text));
  const lazy = outcomeOf(() => open(text));
  const judged = judge(text);
  demand(judged.parsed === 'value' in full, 'judge reads what parse reads');
  if ('code' in full) {
    if ('value' in lazy)
      demand(/^(origin|connection|timing|media)-malformed$/.test(full.code), 'open checks structure');
    else demand(lazy.code === full.code, 'open refuses as parse does');
    return full.code;
  }
  const description = full.value;
  demand(write(description) === text, 'what parses is written back');
  demand(judged.roundTrip, 'judge sees the round trip');
  demand('value' in lazy, 'open reads what parse reads');
  if ('value' in lazy) checkLazy(description, lazy.value);
  // Canonical text may only be refused where a value has outgrown a limit; what is read must be stable.
  const canonical = outcomeOf(() => parse(writeCanonical(description)));
  if ('value' in canonical) {
    const again = writeCanonical(canonical.value);
    demand(again === writeCanonical(description), 'the canonical form is stable');
  } else demand(/^(too|line-too)-/.test(canonical.code), 'the canonical form can be read');
  lint(description, { profile: 'webrtc', receiverTrickles: false });
  explain(lint(description, { profile: 'sip' }));
  explain(checkAnswer(reference, description));
  explain(checkAnswer(description, reference));
  checkAnswer(description, description, { previous: { offer: reference, answer: description } });
  checkReoffer(reference, description);
  diff(reference, description);
  demand(diff(description, description).length === 0, 'nothing differs from itself');
  for (const media of description.media) {
    const cut = restrictCodecs(media, (codec) => codec.payloadType % 2 === 0);
    demand(cut.text === cut.lines.map((line) => line.raw).join(''), 'a section is its lines');
  }
  return 'parsed';
}

function checkLazy(description: SessionDescription, lazy: ReturnType<typeof open>): void {
  demand(lazy.mediaCount === description.media.length, 'lazy and full count m-sections alike');
  demand(lazy.sectionText(-1) === description.session.text, 'lazy and full cut sections alike');
  description.media.forEach((media, index) => {
    for (const name of ['mid', 'setup', 'ice-ufrag', 'fingerprint', 'rtpmap', 'sendonly'] as const) {
      demand(same(lazy.first(index, name), attribute(media, name)), `lazy and full read a=${name} alike`);
    }
    demand(same(lazy.all(index, 'candidate'), attributes(media, 'candidate')), 'lazy and full candidates');
    demand(lazy.direction(index) === direction(media, description.session), 'lazy and full directions');
    demand(same(lazy.iceCredentials(index), iceCredentials(description, media)), 'lazy and full credentials');
    demand(same(lazy.codecs(index), codecs(media)), 'lazy and full codecs');
  });
  const last = description.media.length - 1;
  const changed = lazy.replaceAttribute(last, 'ice-ufrag', 'fuzz').withoutAttribute(last, 'ice-pwd');
  const read = outcomeOf(() => changed.typed());
  // One more line or longer text may pass a limit.
  if ('value' in read) demand(write(read.value) === changed.text, 'an edited text reads and writes');
  else demand(/^(too|line-too)-/.test(read.code), 'an edit breaks no structure');
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
