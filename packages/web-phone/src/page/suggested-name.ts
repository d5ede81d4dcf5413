const NAMES =
  'ada bea cleo dora emil finn greta hugo ines jonas kira liam mona nils olga paul rosa theo'.split(' ');

/** A name for who does not want to think of one. @param random in [0, 1) */
export function suggestName(random: number): string {
  return NAMES[Math.floor(random * NAMES.length)]!;
}
