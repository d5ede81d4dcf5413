/** Stands at an event's end. No event's name can begin with it. */
const END = '@@.';

/** What SIPp tells: an event of the scenario, and the last message that it got. */
export interface SippEvent {
  readonly callId: string;
  readonly event: string;
  readonly message: string;
}

/** An event as an action of a scenario; `message` is SIPp's keyword for the message that goes with it. */
export function logEvent(event: string, message: '[$now]' | '[last_message]'): string {
  return `<log message="@@${event} [call_id]\n${message}\n${END}"/>`;
}

/** Reads what SIPp wrote so far: its whole events, and the rest, which is to stand before what it writes next. */
export function parseSippEvents(text: string): { readonly events: SippEvent[]; readonly rest: string } {
  const pieces = text.split(END);
  const rest = pieces.pop() ?? '';
  const events = pieces.flatMap((piece) => {
    const found = /@@([a-z-]+) (\S+)\s([\s\S]*)$/.exec(piece);
    return found === null ? [] : [{ event: found[1]!, callId: found[2]!, message: found[3]!.trimStart() }];
  });
  return { events, rest };
}
