/** One line of a comparison: what one operation costs here and there, in `unit`, and how many times theirs is ours. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly theirs: number;
  /** theirs / ours, both medians of the same run. */
  readonly ratio: number;
  readonly unit: string;
  /** The ratio asked for. */
  readonly goal?: number;
}
