/** What the steps of an import's writing share. */
import type { Content } from "../../../lib/model/content/content.ts";
import type { Difference, Subject } from "../../../lib/model/content/differences.ts";
import { Refusal } from "../../../lib/model/refusal.ts";
import type { Progress } from "../progress.ts";
import type { Target } from "./target.ts";

export interface WriteParts {
  readonly target: Target;
  readonly progress: Progress;
  /** Changes at a time. */
  readonly width: number;
  /** Whether what exceeds a capacity is brought in. */
  readonly asIs: boolean;
}

export interface Wanted {
  readonly source: Content;
  readonly table: Content;
  readonly differences: readonly Difference[];
}

/** What was not written, and why. */
export interface Left {
  readonly of: Subject;
  readonly id: string;
  readonly reason: string;
}

export type Note = (of: Subject, id: string, reason: string) => void;

/** A change that the table does not allow is noted; whatever else fails ends the import. */
export async function unlessRefused<T>(
  act: () => Promise<T>,
  refused: (reason: string) => void,
): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) throw error;
    refused(error.message);
    return undefined;
  }
}
