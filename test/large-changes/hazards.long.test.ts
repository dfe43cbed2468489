/** What may befall a large change under way: lost answers, long pauses, other people's clocks. */
import { describe, expect, test } from "vitest";
import { isWrite } from "../support/between.ts";
import { LOSSES } from "../support/faults.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import type { Call } from "../support/interpose.ts";
import { largeServers, moved } from "../support/large-servers.ts";
import { expectWhole, type Position, readPosition, sweep } from "../support/large-world.ts";
import { isAnyWrite, isCommit } from "../support/mortal.ts";
import { detailOf } from "../support/world.ts";

/** More writes than the change takes. */
const MAX_STEPS = 150;
const lost = LOSSES["a timeout"] as () => Error;
const large = largeServers();

/** Reshapes with each write in turn disturbed by `act`; until there is none left. */
async function atEveryWrite(
  matches: (call: Call) => boolean,
  act: (call: Call) => Promise<unknown>,
  judge: (answer: HttpAnswer, before: Position) => Promise<void>,
): Promise<number> {
  for (let at = 0; at < MAX_STEPS; at += 1) {
    const before = await readPosition(large.reader, large.world);
    let count = 0;
    let met = false;
    large.slow.between = async (call) => {
      if (!matches(call)) return call.send();
      count += 1;
      if (met || count <= at) return call.send();
      met = true;
      return act(call);
    };
    const answer = await large.reshape(large.slow, before);
    large.slow.between = undefined;
    await judge(answer, before);
    if (!met) return at;
  }
  throw new Error("there is no end of writes");
}

/** The writes of a change, by what they write; a write that is repeated is the same. */
const identityOf = ({ command, keys, input }: Call) =>
  JSON.stringify([command, input["ClientRequestToken"] ?? null, keys]);

test.each(["before it was sent", "after it was done"])(
  "every write fails once, %s, and is made good by the same coordinator",
  async (when) => {
    const before = await readPosition(large.reader, large.world);
    const failed = new Set<string>();
    large.slow.between = async (call) => {
      const identity = identityOf(call);
      if (!isAnyWrite(call) || failed.has(identity)) return call.send();
      failed.add(identity);
      if (when === "after it was done") await call.send();
      throw lost();
    };
    const answer = await large.reshape(large.slow, before);
    large.slow.between = undefined;
    expect(answer.status, JSON.stringify(answer.body)).toBe(204);
    expect(failed.size).toBeGreaterThan(100);
    expect(await readPosition(large.reader, large.world)).toEqual(moved(before));
    await expectWhole(large.reader);
  },
);

/** The answer says what has happened; where it cannot, it says so. */
async function expectHonest(answer: HttpAnswer, before: Position) {
  const after = await readPosition(large.reader, large.world);
  if (answer.status === 204) {
    expect(after).toEqual(moved(before));
    return;
  }
  expect(answer.status, JSON.stringify(answer.body)).toBe(503);
  if (!detailOf(answer).includes("is unknown")) expect(after).toEqual(before);
}

/** As an engine that was started anew, which knows no token. */
const forgetToken = (call: Call): Promise<unknown> => {
  (call.input as { ClientRequestToken?: string }).ClientRequestToken = crypto.randomUUID();
  return call.send();
};

test.each([
  ["", async () => undefined],
  [", and somebody sweeps meanwhile", async () => sweep(large.late)],
] satisfies [string, () => Promise<unknown>][])(
  "an answer is lost, and its token forgotten%s",
  async (_, act) => {
    const transactions = await atEveryWrite(
      isWrite,
      async (call) => {
        await call.send();
        large.slow.between = (next): Promise<unknown> =>
          isWrite(next) ? forgetToken(next) : next.send();
        await act();
        throw lost();
      },
      expectHonest,
    );
    expect(transactions).toBe(5);
  },
);

test("a coordinator that pauses at any transaction, while its change is aborted", async () => {
  const made: number[] = [];
  const transactions = await atEveryWrite(
    isWrite,
    async (call) => {
      await sweep(large.late);
      return call.send();
    },
    async (answer, before) => {
      made.push(answer.status);
      await expectHonest(answer, before);
      await expectWhole(large.reader);
    },
  );
  expect(transactions).toBeGreaterThanOrEqual(5);
  expect(made.at(0)).toBe(204);
});

test("an append that fails holds the change back", async () => {
  const before = await readPosition(large.reader, large.world);
  const isHead = ({ command, keys }: Call) =>
    command === "Update" && keys.some(({ pk }) => pk.startsWith("LOG#"));
  large.slow.between = async (call) => {
    if (isHead(call)) throw lost();
    return call.send();
  };
  const answer = await large.reshape(large.slow, before);
  large.slow.between = undefined;
  expect(answer.status).toBe(503);
  expect(detailOf(answer)).toContain("nothing was written");
  expect(await readPosition(large.reader, large.world)).toEqual(before);
});

describe("a function that runs out of time", () => {
  test("before the decision has changed nothing, and says so", async () => {
    const before = await readPosition(large.reader, large.world);
    let transactions = 0;
    large.slow.between = async (call) => {
      if (isWrite(call)) {
        transactions += 1;
        if (transactions === 2) large.clock.pass(30_000);
      }
      return call.send();
    };
    const answer = await large.reshape(large.slow, before);
    expect(answer.status).toBe(503);
    expect(detailOf(answer)).toContain("nothing was written");
    expect(await readPosition(large.reader, large.world)).toEqual(before);
    expect(large.slow.logs).toContainEqual(expect.objectContaining({ metric: "LargeChangeLeft" }));
  });

  test("after the decision leaves the rest to the sweep, and answers", async () => {
    const before = await readPosition(large.reader, large.world);
    let resolved = 0;
    large.slow.between = async (call) => {
      const answer = await call.send();
      if (isCommit(call)) large.clock.pass(23_000);
      if (call.command === "Put" || call.command === "Delete") {
        resolved += 1;
        if (resolved === 10) large.clock.pass(2_000);
      }
      return answer;
    };
    const answer = await large.reshape(large.slow, before);
    large.slow.between = undefined;
    expect(answer.status).toBe(204);
    expect(resolved).toBeLessThan(60);
    expect(large.slow.logs).toContainEqual(
      expect.objectContaining({ metric: "LargeChangeLeft", state: "committed" }),
    );
    const withIntent = (await large.reader.items()).filter((item) => "mark" in item);
    expect(withIntent.length).toBeGreaterThan(40);
    expect(await readPosition(large.reader, large.world)).toEqual(moved(before));
    expect(await sweep(large.reader)).toEqual({ found: 1, done: 1 });
    await expectWhole(large.reader);
  });
});
