import { InvalidArgumentError } from 'commander';

/** Reads an option that counts: a whole number from 1 to `most`. */
export function countUpTo(most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 1 || number > most)
      throw new InvalidArgumentError(`a whole number from 1 to ${most}, please`);
    return number;
  };
}
