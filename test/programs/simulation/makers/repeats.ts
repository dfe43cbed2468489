/** A client that sends a request again under its `Idempotency-Key`. */
import type { Chance } from "../../../support/chance.ts";
import type { Attempt } from "../history.ts";
import type { Operation, WriteOperation } from "../operation.ts";
import type { Scene } from "./scene.ts";

export const IDEMPOTENCY_KEY = "idempotency-key";

const MAX_REPEATS = 3;

export function underKey(random: Chance, operation: WriteOperation): WriteOperation {
  const { request } = operation;
  const headers = { ...request.headers, [IDEMPOTENCY_KEY]: random.uuid() };
  return { ...operation, name: `${operation.name} under a key`, request: { ...request, headers } };
}

interface Between {
  /** What the client does before the repeat. */
  before?(attempt: Attempt, scene: Scene): Operation | undefined;
}

/** Repeats what had no certain answer, and now and then what had one. */
export function repeated(given: WriteOperation, { before }: Between = {}): WriteOperation {
  let left = MAX_REPEATS;
  const next = (attempt: Attempt, scene: Scene): Operation | undefined => {
    const { answer, operation } = attempt;
    const uncertain = answer === undefined || answer.status >= 500;
    if (left === 0 || (!uncertain && scene.random.below(2) === 0)) {
      return given.next?.(attempt, scene);
    }
    left -= 1;
    const first = before?.(attempt, scene);
    if (first === undefined || first.kind === "task") return operation;
    return { ...first, next: () => operation };
  };
  return { ...given, next };
}
