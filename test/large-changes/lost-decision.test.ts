/** The answer to a decision is lost: nothing definite is told, and nothing is undone. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Api, startApi } from "../support/api.ts";
import { fastClock } from "../support/fast-clock.ts";
import { type Faulty, startFaulty } from "../support/faulty.ts";
import {
  expectWhole,
  type LargeWorld,
  makeLargeWorld,
  readPosition,
  reshapeBody,
  sweep,
} from "../support/large-world.ts";
import { isCommit } from "../support/mortal.ts";
import { REPEATS } from "../support/repeats.ts";
import { detailOf } from "../support/world.ts";

const HOUR = 3_600_000;

// What the operator is told is of no interest here.
vi.spyOn(console, "error").mockImplementation(() => undefined);

const refusedAs = (name: string, message: string) => () =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

/** After the lost answer every try to decide is refused so. */
const REFUSALS = [
  ["denied", refusedAs("AccessDeniedException", "denied")],
  ["too large", refusedAs("ValidationException", "Item size has exceeded the limit")],
] as const;

describe.each(REPEATS)("with %s", (repeats) => {
  let faulty: Faulty;
  let late: Api;
  let world: LargeWorld;

  beforeAll(async () => {
    faulty = await startFaulty({ repeats });
    const clock = fastClock(Date.now() + HOUR);
    late = await startApi({ tableName: faulty.api.tableName, clock });
    world = await makeLargeWorld(faulty.sound);
  });
  afterEach(async () => {
    faulty.interpose(undefined);
    await sweep(late);
    await expectWhole(faulty.sound);
  });
  afterAll(async () => {
    await late.close();
    await faulty.close();
  });

  test.each(
    REFUSALS.flatMap(([what, refusal]) => [
      [what, "was made", refusal] as const,
      [what, "was not made", refusal] as const,
    ]),
  )("a decision whose replay is %s is told as unknown where it %s", async (_, how, refusal) => {
    const before = await readPosition(faulty.sound, world);
    const body = await reshapeBody(faulty.sound, world, before);
    let decisions = 0;
    let afterwards = 0;
    faulty.interpose(async (call) => {
      if (!isCommit(call)) {
        if (decisions > 0 && call.command !== "Get") afterwards += 1;
        return call.send();
      }
      decisions += 1;
      if (decisions > 1) throw refusal();
      if (how === "was made") await call.send();
      throw new Error("lost");
    });
    const answer = await faulty.api.request("POST", "/reshaper", { body, roles: "service" });
    expect(answer.status, JSON.stringify(answer.body)).toBe(503);
    expect(answer.headers).not.toHaveProperty("retry-after");
    expect(detailOf(answer)).toContain("whether it was applied is unknown");
    expect(decisions).toBe(2);
    // Nothing is undone by a coordinator that does not know what it has decided.
    expect(afterwards).toBe(0);
    faulty.interpose(undefined);
    await sweep(late);
    const { side } = await readPosition(faulty.sound, world);
    expect(side).toBe(how === "was made" ? 1 - before.side : before.side);
  });
});
