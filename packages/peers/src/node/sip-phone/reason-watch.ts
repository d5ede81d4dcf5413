/** Looks for the `Reason` header (RFC 3326) in a phone's own trace of its messages. */
export class ReasonWatch {
  #rest = '';
  /** What it said since it was cleared: the values, joined by commas. */
  last: string | undefined;

  heard(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-4096);
    for (const line of lines) {
      const found = /^Reason\s*:\s*(.+?)\s*$/i.exec(line);
      if (found !== null && this.last?.includes(found[1]!) !== true)
        this.last = this.last === undefined ? found[1] : `${this.last}, ${found[1]}`;
    }
  }

  clear(): void {
    this.last = undefined;
  }
}
