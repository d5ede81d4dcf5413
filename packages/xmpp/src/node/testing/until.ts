/** Turns of the loop until something holds; sockets on one machine need a few. Throws when it never does. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
