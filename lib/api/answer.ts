/** What an operation returns: an answer, or a change that is answered once it is committed. */
import type { Refusal } from "../model/refusal.ts";
import type { Planner } from "../store/store.ts";
import type { PreparedBody } from "./prepared.ts";

/**
 * Text in the operation's media type, by default JSON, with links that begin with `basePath`: the path below which the client sees the
 * API, empty or like `/placement`.
 */
export type BodyText = (basePath: string) => string;

/**
 * What an answer shows: a value that the pipeline serialises, or text that is JSON already and
 * is sent as it is, or a body that is the same in every answer; or nothing.
 */
type Shown =
  | { readonly body?: unknown; readonly text?: never; readonly prepared?: never }
  | { readonly text: BodyText; readonly body?: never; readonly prepared?: never }
  | { readonly prepared: PreparedBody; readonly body?: never; readonly text?: never };

/**
 * What an operation answers. Its header `location`, and `href` in lists named `links` of a value,
 * are paths of the API: the pipeline puts before them where the client sees it.
 */
export type Answer = Shown & {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; with it the answer carries `Cache-Control: no-cache` from 1.15. */
  readonly lastModified?: number | "unknown";
  /** What is refused if it is too large. Default: `AnswerTooLarge`. */
  readonly tooLarge?: (excess: Excess) => Refusal;
};

/** By how much an answer is larger than what a function can return. */
export interface Excess {
  /** Its size, by the greatest size; above 1. */
  readonly times: number;
  /** Whether the client does not accept gzip yet. */
  readonly gzipMayHelp: boolean;
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
 * @param answer makes the answer from the planned result alone, no clock either, since a repeat is
 *   answered alike: it runs before the commit, once for each plan, and cannot read, so that no
 *   failed read hides a change that was made
 */
export function changing<T>(plan: Planner<T>, answer: (result: T) => Answer): Change {
  return {
    kind: "change",
    plan: async (attempt) => {
      const { result, committed, ...planned } = await plan(attempt);
      return {
        ...planned,
        result: answer(result),
        ...(committed === undefined ? {} : { committed: () => answer(committed()) }),
      };
    },
  };
}

export function isChange(outcome: Answer | Change): outcome is Change {
  return "kind" in outcome;
}
