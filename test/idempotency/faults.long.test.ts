/** Every loss; `faults.test.ts` draws one. */
import { describe, vi } from "vitest";
import { LOST } from "../support/faults.ts";
import { useFaulty } from "../support/frame.ts";
import { REPEATS } from "../support/repeats.ts";
import { repeatsAfter } from "./repeats-after.ts";

// Each walks through every write, one after the other.
vi.setConfig({ testTimeout: 120_000 });

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ repeats });
  repeatsAfter(LOST, faulty);
});
