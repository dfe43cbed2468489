import * as z from "zod";
import { InvalidBody } from "../../lib/api/refusals.ts";
import { integer } from "../../lib/api/schemas.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { defineTask } from "../../lib/api/task-definition.ts";
import {
  forgetPosition,
  keepPosition,
  keptPosition,
} from "../../lib/store/maintenance/verify/walk/kept-position.ts";
import {
  positionOf,
  positionText,
  type WalkPosition,
} from "../../lib/store/maintenance/verify/walk/position.ts";
import { added, emptyTally, noteVerified } from "../../lib/store/maintenance/verify/walk/tally.ts";
import {
  type Reported,
  verifyTable,
} from "../../lib/store/maintenance/verify/walk/verify-table.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import type { Key } from "../../lib/store/table/item.ts";

const input = z.strictObject({
  /** An invocation ends after the page that reaches this number of findings. */
  batch_size: integer({ min: 1, max: 1_000 }).default(50),
  /** Whether to repair what is found; otherwise only the note of a whole walk is written. */
  repair: z.boolean().default(false),
  /** `next` of the previous answer; without it, it starts at the beginning. */
  after: z
    .string()
    .max(8_192)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional(),
  /** For schedules: continues where the last such invocation ended, which is kept in the table. */
  resume: z.boolean().default(false),
});

export interface VerifyAnswer {
  /** Items that were checked. */
  readonly checked: number;
  readonly found: number;
  /** Of these, how many were repaired. */
  readonly done: number;
  readonly findings: readonly Reported[];
  /** Items that were written too often meanwhile to be sure about them. */
  readonly unsettled: readonly Key[];
  readonly complete: boolean;
  /** Where the next invocation continues; null: everything was checked. */
  readonly next: string | null;
}

/** Reads the table and reports every contradiction in it; repairs them only on request. */
export const verifyRecords = defineTask<z.infer<typeof input>, VerifyAnswer>({
  id: "maintenance/verify-table",
  summary: "Verify every record of the table, and repair on request",
  access: ["Scan", ...WRITING],
  input,
  async run({ batch_size: batchSize, repair, after, resume }, services) {
    const { store, configuration, changed, measured } = services;
    const { incompleteProject: project, incompleteUser: user } = configuration;
    const kept = after === undefined && resume ? await keptPosition(store, repair) : undefined;
    const from = kept?.from ?? positionFrom(after);
    // What came before is not known of a walk that a caller continues.
    const before = from === undefined ? emptyTally(store.clock.now()) : kept?.tally;
    const report = await verifyTable(store, {
      batchSize,
      repair,
      incomplete: { project, user },
      changed,
      ...(from === undefined ? {} : { from }),
    });
    const { checked, findings, unsettled, next } = report;
    if (findings.length > 0) measured({ VerifierFindings: findings.length });
    const tally = before && added(before, report);
    if (next === undefined && tally !== undefined) await noteVerified(store, tally);
    if (resume && next !== undefined) await keepPosition(store, repair, { from: next, tally });
    else if (resume) await forgetPosition(store);
    return {
      checked,
      found: findings.length,
      done: findings.filter(({ outcome }) => outcome === "repaired").length,
      findings,
      unsettled,
      complete: next === undefined,
      next: next === undefined ? null : positionText(next),
    };
  },
});

/** @throws InvalidBody */
function positionFrom(after: string | undefined): WalkPosition | undefined {
  if (after === undefined) return undefined;
  const position = positionOf(after);
  if (position === undefined) throw new InvalidBody("'after' is not the 'next' of an answer");
  return position;
}

export const handler = taskLambda(verifyRecords);
