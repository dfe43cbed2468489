/** The operations that the construct's grants for direct invocation name. */
import { operations } from "../functions/index.ts";
import { isRead } from "../lib/api/operation.ts";

/** What a caller needs to find room, claim it, look at a claim, move it and release it. */
export const CLAIM_OPERATIONS: readonly string[] = [
  "allocation-candidates/list",
  "allocation-candidates/list-query",
  "allocations/show",
  "allocations/replace",
  "allocations/manage",
  "allocations/delete",
  "claims/create",
];

/** Everything that reads. */
export const READ_OPERATIONS: readonly string[] = operations.filter(isRead).map(({ id }) => id);
