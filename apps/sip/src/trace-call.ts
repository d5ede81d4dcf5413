/** The call in the trace: the gateway's have its id in their Call-ID, those of phones are their own. */
export function traceCallOf(callId: string): string {
  return callId.split('@', 1)[0]!.slice(0, 64);
}
