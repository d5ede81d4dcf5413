import { z } from 'zod';
import { type Cell, RUN_SCHEMA_ID, type Run } from './run.ts';

// The schemas are made by calls marked pure, so that a page that takes only types and figures from this
// package does not carry the validator with it.

const described = <T extends z.ZodType>(type: T, words: string): T => type.describe(words);

function toCellSchema() {
  const milliseconds = z.number().min(0);
  const verdict = z.enum(['passed', 'failed', 'unsupported', 'broken']);

  const diagnosis = z.object({
    cause: described(z.string().min(1), 'The id of the case, e.g. dtls-fingerprint-wrong.'),
    words: z.string().min(1),
    clause: z.string(),
    hop: described(z.string(), 'The hop that is to blame.').exactOptional(),
    seen: described(z.array(z.string()), 'The evidence it rests on.'),
  });

  const checkResult = z.object({
    check: described(z.string().min(1), 'The id of the check: audio, codec-opus, hang-up-caller.'),
    title: described(z.string().min(1), 'One sentence.'),
    verdict,
    reason: described(z.string().min(1), 'Why, in words; always there.'),
    proof: described(z.string(), 'For unsupported: what proves it.').exactOptional(),
    clause: described(z.string(), 'The clause violated or rested on.').exactOptional(),
    diagnosis: described(z.array(diagnosis), 'Best first; for failed.').exactOptional(),
    measured: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    call: described(z.string(), 'The id of the call it was judged from.').exactOptional(),
    durationMs: milliseconds,
  });

  const traceLine = z.object({
    at: described(z.number(), 'Milliseconds since the Unix epoch.'),
    node: described(z.string(), 'The node that saw it.'),
    peer: described(z.string(), 'The node at the other end of the edge.'),
    direction: z.enum(['in', 'out']),
    protocol: z.string(),
    raw: described(z.string(), 'The message as it was on the wire, secrets struck out.'),
    summary: z.string(),
    call: z.string().exactOptional(),
    note: z.string().exactOptional(),
  });

  const finding = z.object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    message: z.string(),
    clause: z.string(),
    line: described(z.int().min(1), 'From 1.'),
    column: described(z.int().min(1), 'From 1.'),
  });

  const description = z.object({
    name: described(z.string().min(1), 'Its place and owner: 1-caller-offer.'),
    at: described(z.number(), 'Milliseconds since the Unix epoch.'),
    node: z.string(),
    direction: z.enum(['in', 'out']),
    role: z.enum(['offer', 'answer']),
    text: described(z.string(), 'The session description, byte for byte.'),
    findings: z.array(finding),
  });

  const change = z.object({
    from: described(z.string(), 'The name of a description.'),
    to: described(z.string(), 'The name of a description.'),
    words: z.array(z.string()),
  });

  const call = z.object({
    id: z.string().min(1),
    scenario: z.string(),
    startedAtMs: described(z.number(), 'Milliseconds since the Unix epoch.'),
    durationMs: milliseconds,
    trace: z.array(traceLine),
    descriptions: z.array(description),
    changes: z.array(change),
    defect: described(z.string(), 'The defect seeded on purpose.').exactOptional(),
  });

  return z.object({
    id: described(z.string().min(1), 'triangle/ws/chromium--firefox'),
    topology: z.string().min(1),
    transport: z.enum(['ws', 'http']),
    caller: z.string().min(1),
    callee: z.string().min(1),
    startedAt: z.iso.datetime(),
    durationMs: milliseconds,
    folder: described(z.string(), "Relative to the run's folder."),
    rerun: described(z.string(), 'The one command that runs this cell again.'),
    results: z.array(checkResult),
    calls: described(z.array(call), 'Empty in run.json; whole in cell.json.'),
  }) satisfies z.ZodType<Cell>;
}

function toRunSchema() {
  const count = z.int().min(0);
  const totals = z.object({ passed: count, failed: count, unsupported: count, broken: count });
  const peer = z.object({
    id: z.string().min(1),
    name: z.string(),
    version: z.string(),
    kind: z.enum(['browser', 'program', 'server']),
    capabilities: z.array(z.string()),
  });

  const host = z.object({
    node: z.string(),
    platform: z.string(),
    cores: z.int().min(1),
    network: z.object({
      kind: z.enum(['namespace', 'user-namespace', 'machine']),
      address: z.string(),
      words: z.string(),
    }),
  });

  const absent = z.object({
    id: z.string().min(1),
    why: z.string(),
    install: described(z.string(), 'The one command that installs it.').exactOptional(),
  });

  return z.object({
    schema: z.literal(RUN_SCHEMA_ID),
    id: z.string().min(1),
    startedAt: z.iso.datetime(),
    durationMs: z.number().min(0),
    command: described(z.string(), 'What was typed.'),
    crosspoint: described(z.string(), 'The version of Crosspoint.'),
    host,
    peers: z.array(peer),
    absent: z.array(absent),
    cells: z.array(cellSchema),
    totals,
    interrupted: z.boolean().exactOptional(),
  }) satisfies z.ZodType<Run>;
}

/** The schema of `cell.json`: one cell with its calls. */
export const cellSchema = /* @__PURE__ */ toCellSchema();

/** The schema of `run.json`. Fields it does not know are allowed, so that a newer writer stays readable. */
export const runSchema = /* @__PURE__ */ toRunSchema();
