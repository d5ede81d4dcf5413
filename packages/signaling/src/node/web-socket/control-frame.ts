const FINAL = 0x80;

/** One unmasked control frame (RFC 6455 section 5.5). @param payload at most 125 bytes */
export function encodeControlFrame(opcode: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(2 + payload.length);
  frame[0] = FINAL | opcode;
  frame[1] = payload.length;
  frame.set(payload, 2);
  return frame;
}
