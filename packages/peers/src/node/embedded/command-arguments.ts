import { CODECS, type CodecName } from './sdp-answer.ts';

/** The arguments of one command, as they came. */
export type Arguments = Readonly<Record<string, unknown>>;

export const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** In the order asked for; all of them where none is. */
export function codecsOf(names: readonly string[]): CodecName[] {
  if (names.length === 0) return [...CODECS];
  return names.flatMap((name) => CODECS.filter((codec) => codec === name.toUpperCase()));
}

/** @throws Error where it is none, or out of bounds */
export function numberOf(value: unknown, name: string, least: number, most: number): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number < least || number > most) {
    throw new Error(`${name} is not in ${least}..${most}`);
  }
  return number;
}
