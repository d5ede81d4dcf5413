/** What a person is told when a button's work fails. Empty: they cancelled it themselves, there is nothing to tell. */
export function describeFailure(error: unknown, asked: 'camera' | 'screen' | 'other'): string {
  const name = error instanceof Error ? error.name : '';
  if (asked === 'screen' && name === 'NotAllowedError') return '';
  if (asked === 'screen' && name === 'NotFoundError')
    return 'The browser finds no screen or window to share.';
  if (asked === 'camera' && !isSecureContext)
    return 'This page was not opened over HTTPS, and a browser gives such a page no camera or microphone.';
  if (asked === 'camera' && name === 'NotAllowedError') return 'The camera or microphone was not allowed.';
  if (asked === 'camera' && name === 'NotFoundError')
    return 'There is no camera or no microphone here; leave, and join with a test signal instead.';
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
