/** Shard logs, and the heads of format 1, which no function reads any more. */

import { shardOf } from "../../../items/shard.ts";
import { LOGS, logKey, logOf, numberOfLog } from "../../../items/shard-log.ts";
import { formatNumber, META_KEY } from "../../../items/table-format.ts";
import { isCount } from "../../../items/versions.ts";
import { type Finding, finding } from "../finding.ts";
import type { Rule } from "../rule.ts";
import { misplaced } from "./placed.ts";

/** No stamp and no base is above the counter, and each entry is of a shard of this log. */
export const shardLogRule: Rule = {
  needs: () => ({}),
  check(item) {
    const number = numberOfLog(item);
    const found: Finding[] = misplaced(item, logKey(number));
    if (!isCount(number) || number >= LOGS) {
      found.push(finding("misplaced", `${item.pk} is not the log of any shard`, item));
    }
    const log = logOf(item);
    if (log === undefined || !isCount(log.counter) || !isCount(log.base)) {
      return [...found, finding("head", `${item.pk} is not a shard log`, item)];
    }
    const { counter, base, stamps } = log;
    const late = [base, ...stamps.values()].filter((each) => !isCount(each) || each > counter);
    if (late.length > 0) {
      const what = `${item.pk} has the counter ${counter} and greater numbers: ${late.join(", ")}`;
      found.push(finding("head", what, item));
    }
    if ([...stamps.keys()].some((uuid) => shardOf(uuid) % LOGS !== number)) {
      found.push(finding("head", `${item.pk} names a provider of another log`, item));
    }
    return found;
  },
};

/**
 * In a table of format 2, a head was left by an upgrade or written by a function of an older
 * release.
 */
export const oldHeadsRule: Rule = {
  needs: () => ({ keys: [META_KEY] }),
  check(item, near) {
    const format = formatNumber(near.get(META_KEY));
    if (format < 2) return [];
    const what = `${item.pk} ${item.sk} is a head of format 1 in a table of format ${format}`;
    return [finding("head", what, item)];
  },
};
