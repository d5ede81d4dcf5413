import type { CallRecord, DescriptionChange, DescriptionRecord } from '@crosspoint/report';
import { diff, lint } from '@crosspoint/sdp';
import type { Evidence } from '../evidence.ts';
import { typedOf, type WireDescription, wireDescriptions } from '../wire-descriptions.ts';

/** A call as the report shows it: its ladder, its descriptions, and what became of them on the way. */
export function callRecord(evidence: Evidence): CallRecord {
  const descriptions = wireDescriptions(evidence);
  return {
    id: evidence.call,
    scenario: evidence.scenario,
    startedAtMs: evidence.startedAtMs,
    durationMs: evidence.durationMs,
    trace: evidence.trace,
    descriptions: descriptions.map(record),
    changes: changesBetween(descriptions),
    ...(evidence.defect !== undefined ? { defect: evidence.defect } : {}),
  };
}

function record(wire: WireDescription): DescriptionRecord {
  return {
    name: wire.name,
    at: wire.entry.at,
    node: wire.entry.node,
    direction: wire.direction,
    role: wire.role,
    text: wire.text,
    findings: findingsOf(wire),
  };
}

function findingsOf(wire: WireDescription): DescriptionRecord['findings'] {
  const typed = typedOf(wire);
  if (typed === undefined) return [];
  return lint(typed, { profile: 'webrtc' }).map(({ code, severity, message, clause, line, column }) => ({
    code,
    severity,
    message,
    clause,
    line,
    column,
  }));
}

/** Each description against what the other side got of it, and against its author's one before. */
function changesBetween(descriptions: readonly WireDescription[]): DescriptionChange[] {
  const changes: DescriptionChange[] = [];
  const compare = (from: WireDescription | undefined, to: WireDescription): void => {
    const [before, after] = [from === undefined ? undefined : typedOf(from), typedOf(to)];
    if (from === undefined || before === undefined || after === undefined) return;
    const words = diff(before, after).map((change) => change.message);
    if (words.length > 0) changes.push({ from: from.name, to: to.name, words });
  };
  descriptions.forEach((wire, at) => {
    compare(
      descriptions.slice(0, at).findLast((each) => each.author === wire.author && each.direction === 'in'),
      wire,
    );
  });
  return changes;
}
