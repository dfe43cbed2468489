/** What an operation returns: an answer, or a change that is answered once it is committed. */
import type { Planner } from "../store/store.ts";
import type { PreparedBody } from "./prepared.ts";

/**
 * What an operation answers. Its header `location`, and `href` in lists named `links`, are paths
 * of the API: the pipeline puts before them where the client sees it.
 */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Instead of a body: one that is the same in every answer. */
  readonly prepared?: PreparedBody;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; with it the answer carries `Cache-Control: no-cache` from 1.15. */
  readonly lastModified?: number | "unknown";
}

export const noContent = (): Answer => ({ status: 204 });

/**
 * A change of the table whose result is the answer to it. The pipeline commits it; under an
 * `Idempotency-Key` the answer is written in the same transaction.
 */
export interface Change {
  readonly kind: "change";
  readonly plan: Planner<Answer>;
}

/**
 * The change that `plan` plans; an operation returns one at most.
 * @param answer makes the answer from the planned result alone: it runs before the commit, once
 *   for each plan, and cannot read, so that no failed read hides a change that was made
 */
export function changing<T>(plan: Planner<T>, answer: (result: T) => Answer): Change {
  return {
    kind: "change",
    plan: async (attempt) => {
      const planned = await plan(attempt);
      return { ...planned, result: answer(planned.result) };
    },
  };
}

export function isChange(outcome: Answer | Change): outcome is Change {
  return "kind" in outcome;
}
