/** Attempts of the embedded engine's processes: they stand alone. */

import { attemptNumberOf, processOf } from "../../../items/attempt.ts";
import { isCount } from "../../../items/versions.ts";
import { finding } from "../finding.ts";
import type { Rule } from "../rule.ts";

/** Each is of a slot, and has a number. */
export const attemptRule: Rule = {
  needs: () => ({}),
  check(item) {
    if (processOf(item) === undefined) {
      return [finding("misplaced", `${item.pk} ${item.sk} is no slot of a process`, item)];
    }
    if (isCount(attemptNumberOf(item))) return [];
    return [finding("malformed", `${item.pk} ${item.sk} has no number`, item)];
  },
};
