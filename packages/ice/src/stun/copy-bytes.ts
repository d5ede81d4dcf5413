/**
 * A copy of `bytes[start..end)`, a plain Uint8Array whatever the input is. Node's `Buffer.slice` would be a view, and
 * what was decoded must not change when a socket uses its buffer again.
 */
export function copyBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  if (end - start > 64) copy.set(bytes.subarray(start, end));
  else for (let i = start; i < end; i++) copy[i - start] = bytes[i]!;
  return copy;
}
