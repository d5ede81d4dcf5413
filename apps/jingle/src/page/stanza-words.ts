import type { TraceEntry } from '@crosspoint/signaling';

/** Stanzas whose answer may still come. */
const KEPT = 500;
const SECRET = /^(<(?:auth|challenge|response|success)\b[^>]*>)[^<]+/;
/** XEP-0353. */
const INITIATION = /<(propose|ringing|proceed|reject|retract|finish)\b[^>]*["']urn:xmpp:jingle-message:/;

/**
 * What is on the wire in the ladder's words; nothing of the counting of stanzas (XEP-0198). An answer belongs to the call
 * of what it answers, which the reader remembers.
 */
export function stanzaReader(): (text: string) => Pick<TraceEntry, 'raw' | 'summary' | 'call'> | undefined {
  const calls = new Map<string, string>();
  return (text) => {
    const name = /^<(?:[\w-]+:)?([\w-]+)/.exec(text)?.[1];
    if (name === undefined || name === 'r' || name === 'a') return undefined;
    const id = attributeOf(text, 'id');
    const jingle = /<jingle\b[^>]*>/.exec(text)?.[0];
    const own = jingle === undefined ? undefined : attributeOf(jingle, 'sid');
    if (own !== undefined && id !== undefined) remember(calls, id, own);
    const call = own ?? (name === 'iq' && id !== undefined ? calls.get(id) : undefined);
    return {
      raw: text.replace(SECRET, '$1(struck out)'),
      summary: summarize(name, text, jingle),
      ...(call === undefined ? {} : { call }),
    };
  };
}

function summarize(name: string, text: string, jingle: string | undefined): string {
  const type = attributeOf(text, 'type');
  if (name === 'presence') return type === undefined ? name : `${name} ${type}`;
  if (name === 'message') {
    const initiation = INITIATION.exec(text);
    return initiation?.[1] ?? name;
  }
  if (name !== 'iq') return name;
  if (type === 'error') return `error ${/<error\b[^>]*><([\w-]+)/.exec(text)?.[1] ?? ''}`.trim();
  if (jingle !== undefined && type === 'set') return jingleWords(attributeOf(jingle, 'action') ?? '', text);
  const payload = /^<iq\b[^>]*><([\w-]+)/.exec(text)?.[1];
  return [type, type === 'result' ? undefined : payload].filter((each) => each !== undefined).join(' ');
}

function jingleWords(action: string, text: string): string {
  const inner = /<jingle\b[^>]*>([\s\S]*)<\/jingle>/.exec(text)?.[1] ?? '';
  if (action === 'session-info') return `${action} ${/^<([\w-]+)/.exec(inner)?.[1] ?? ''}`.trim();
  if (action === 'session-terminate')
    return `${action} ${/<reason[^>]*><([\w-]+)/.exec(inner)?.[1] ?? ''}`.trim();
  return action;
}

/** An attribute of the first tag. */
function attributeOf(text: string, name: string): string | undefined {
  const tag = text.slice(0, text.indexOf('>') + 1);
  const found = new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found?.[1] ?? found?.[2];
}

function remember(calls: Map<string, string>, id: string, call: string): void {
  calls.set(id, call);
  if (calls.size <= KEPT) return;
  for (const oldest of calls.keys()) {
    calls.delete(oldest);
    return;
  }
}
