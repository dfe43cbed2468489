import { describe } from "vitest";
import { LOST, OF_READS, REFUSED } from "../support/faults.ts";
import { REPEATS } from "../support/repeats.ts";
import { describeFaults } from "./describe-faults.ts";

describe.each(REPEATS)("with %s", (repeats) => {
  describeFaults(repeats, { losses: LOST, refusals: REFUSED, ofReads: OF_READS });
});
