/**
 * Random requests over HTTP to populated tables, half of them malformed.
 * `npm run fuzz -- --seed N --requests N` sends any number of them; a seed repeats a run.
 */
import { describe, expect, it } from "vitest";
import document from "../../../functions/openapi/document.json" with { type: "json" };
import { startApi } from "../../support/api.ts";
import { chance } from "../../support/chance.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { Requests } from "./requests.ts";
import { Fuzzer, neverDone, summary } from "./run.ts";
import { makeWorld, populate } from "./world.ts";

const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 2_000);
/** Requests on one table, which they empty over time. */
const ROUND = 2_000;
/** With this many requests, it is unlikely that an operation is left out. */
const ENOUGH = 10_000;
/** Milliseconds: far more than a request takes, so that only a hang exceeds it. */
const TIME_LIMIT = 60_000 + REQUESTS * 50;

/** Requests number `from` up to `to` on a table of their own, which is whole afterwards. */
async function round(fuzzer: Fuzzer, seed: number, from: number, to: number): Promise<void> {
  const api = await startApi();
  try {
    const world = makeWorld(seed);
    await populate(api, world);
    await fuzzer.run(api.url, new Requests(document, world, seed), from, to);
    expect(fuzzer.faults).toEqual([]);
    expect(brokenInvariants(await api.items())).toEqual([]);
    expect(api.logs.filter(({ level }) => level === "ERROR")).toEqual([]);
  } finally {
    await api.close();
  }
}

describe("random requests", () => {
  it(
    `get answers that the OpenAPI document describes: ${REQUESTS} of them`,
    async () => {
      const { seed } = chance("fuzz");
      const fuzzer = new Fuzzer(document);
      const started = Date.now();
      for (let from = 0; from < REQUESTS; from += ROUND) {
        await round(fuzzer, seed, from, Math.min(from + ROUND, REQUESTS));
      }
      if (process.env["FUZZ_SUMMARY"] !== undefined) {
        console.log(`${summary(fuzzer)}\n${REQUESTS} requests, ${Date.now() - started} ms`);
      }
      if (REQUESTS >= ENOUGH) expect(neverDone(fuzzer).length).toBeLessThan(3);
    },
    TIME_LIMIT,
  );

  it("are the same for the same seed, and others for another", () => {
    const make = (seed: number) => {
      const requests = new Requests(document, makeWorld(seed), seed);
      return Array.from({ length: 50 }, (_, index) => requests.at(index));
    };
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
    expect(make(1).filter(({ kind }) => kind === "well-formed")).toHaveLength(25);
  });
});
