/** Sums from which consumers are taken away again: at any moment those of the consumers that are left. */
import { expect, test } from "vitest";
import { UsageSums, type Use } from "../../lib/model/usage-sums.ts";
import { ALL, UsageGroups } from "../../lib/model/usages.ts";
import { chance } from "../support/chance.ts";

const USERS = ["one", "two"];
const TYPES = ["INSTANCE", "VOLUME", null];
const STEPS = 400;

/** As they are summed from the start. */
function summed(uses: readonly Use[], user: string | undefined, type: string | undefined) {
  const groups = new UsageGroups(type);
  for (const use of uses) if (user === undefined || use.user === user) groups.add(use);
  return [...groups.result()];
}

test("are those of a sum from the start, in the same order", () => {
  const random = chance("usage sums");
  const sums = new UsageSums();
  const uses: Use[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    if (uses.length > 0 && random.below(2) === 0) {
      const [gone] = uses.splice(random.below(uses.length), 1);
      if (gone !== undefined) sums.remove(gone);
    } else {
      const ids = Array.from({ length: 1 + random.below(3) }, () => random.below(5));
      const amounts = Object.fromEntries(ids.map((id) => [id, random.below(3)]));
      const use = { user: random.pick(USERS), type: random.pick(TYPES), amounts };
      uses.push(use);
      sums.add(use);
    }
    for (const user of [undefined, ...USERS, "nobody"]) {
      for (const type of [undefined, ALL, "INSTANCE", "unknown"]) {
        expect([...sums.groups(user, type)]).toEqual(summed(uses, user, type));
      }
      const own = uses.filter((use) => use.user === user);
      if (user !== undefined) expect(sums.countOf(user)).toBe(own.length);
    }
  }
});
