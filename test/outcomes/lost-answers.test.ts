/** One drawn fault of each kind; `lost-answers.long.test.ts` has all of them. */
import { describe } from "vitest";
import { chance } from "../support/chance.ts";
import { LOST, OF_READS, REFUSED } from "../support/faults.ts";
import { REPEATS } from "../support/repeats.ts";
import { describeFaults } from "./describe-faults.ts";

const random = chance("faults of the writes");

describe.each(REPEATS)("a fault of each kind at every write, recognised by %s", (repeats) => {
  describeFaults(repeats, {
    losses: [random.pick(LOST)],
    refusals: [random.pick(REFUSED)],
    ofReads: [random.pick(OF_READS)],
  });
});
