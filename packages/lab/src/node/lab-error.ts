/** `usage`: what was asked for cannot be done; exit status 2. `broken`: the lab's own fault; exit status 3. */
export type LabErrorCode = 'usage' | 'broken';

export class LabError extends Error {
  readonly code: LabErrorCode;
  constructor(code: LabErrorCode, message: string) {
    super(message);
    this.name = 'LabError';
    this.code = code;
  }
}
