/** Where our own bounds end a search, and whether the answer says so. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boundedSearch } from "../../lib/model/candidates/bounded.ts";
import { buildSnapshot } from "../../lib/model/snapshot/build.ts";
import { type Api, startApi } from "../support/api.ts";
import {
  numberedUuid,
  plainGroup,
  plainInventory,
  plainProvider,
  plainQuery,
} from "../support/providers.ts";
import { makeProvider } from "../support/world.ts";

const HOSTS = 6;
const PLENTY = 1_000_000;

describe("a search within bounds", () => {
  const snapshot = buildSnapshot(
    Array.from({ length: HOSTS }, (_, index) =>
      plainProvider(numberedUuid(index), [[0, plainInventory(4)]]),
    ),
  );
  const search = (
    limit: number | undefined,
    { maxCandidates = 1_000, maxWork = PLENTY }: { maxCandidates?: number; maxWork?: number },
  ) => {
    const query = plainQuery([plainGroup("", [[0, 1]])], limit === undefined ? {} : { limit });
    const { candidates, truncated } = boundedSearch(snapshot, query, { maxCandidates, maxWork });
    return [candidates.length, truncated];
  };

  it.each([
    [undefined, HOSTS + 1, HOSTS, undefined],
    [undefined, HOSTS, HOSTS, undefined],
    [undefined, HOSTS - 1, HOSTS - 1, "max_candidates"],
    [undefined, 1, 1, "max_candidates"],
    [HOSTS + 5, HOSTS, HOSTS, undefined],
    [HOSTS, HOSTS - 1, HOSTS - 1, "max_candidates"],
    [HOSTS - 1, HOSTS - 1, HOSTS - 1, undefined],
    [2, HOSTS - 1, 2, undefined],
  ])("limit %s, at most %i: %i, %s", (limit, maxCandidates, found, truncated) => {
    expect(search(limit, { maxCandidates })).toEqual([found, truncated]);
  });

  it("is not ended by work that is just enough", () => {
    const counts = Array.from({ length: 200 }, (_, maxWork) => search(undefined, { maxWork }));
    expect(counts[0]).toEqual([0, "max_work"]);
    expect(counts.at(-1)).toEqual([HOSTS, undefined]);
    const cut = counts.filter(([, truncated]) => truncated === "max_work");
    expect(new Set(counts.slice(0, cut.length))).toEqual(new Set(cut));
    for (const [found, truncated] of counts) {
      if (truncated === undefined) expect(found).toBe(HOSTS);
    }
  });

  it("that found as many as were asked for was not cut, at any cost", () => {
    const least = Array.from({ length: 200 }, (_, maxWork) => search(2, { maxWork })).find(
      ([found]) => found === 2,
    );
    expect(least).toEqual([2, undefined]);
  });
});

describe("GET /allocation_candidates", () => {
  const apis: Api[] = [];

  beforeAll(async () => {
    const origin = { corsOrigins: ["https://a.example"] };
    const first = await startApi({ configuration: { maxCandidates: HOSTS, ...origin } });
    const { tableName } = first;
    apis.push(
      await startApi({ tableName, configuration: { maxCandidates: HOSTS - 1, ...origin } }),
      await startApi({ tableName, configuration: { maxCandidateWork: 20, ...origin } }),
      first,
    );
    for (let host = 0; host < HOSTS; host += 1) await makeProvider(first, { VCPU: 8 });
  });
  afterAll(async () => {
    for (const api of apis) await api.close();
  });

  const ask = async (index: number, query = "", version = "1.39") => {
    const path = `/allocation_candidates?resources=VCPU:1${query}`;
    const headers = { origin: "https://a.example" };
    const answer = await (apis[index] as Api).request("GET", path, { version, headers });
    expect(answer.status).toBe(200);
    const found = answer.body.allocation_requests.length;
    return { found, said: answer.headers["x-placement-truncated"], answer };
  };

  it.each(["1.10", "1.39"])(
    "says that there are more than an answer may have, at %s",
    async (version) => {
      const { found, said, answer } = await ask(0, "", version);
      expect([found, said]).toEqual([HOSTS - 1, "max_candidates"]);
      expect(Object.keys(answer.body.provider_summaries)).toHaveLength(HOSTS - 1);
      expect(answer.headers["access-control-expose-headers"]).toContain("X-Placement-Truncated");
    },
  );

  it("says nothing of a limit of the client's, or where all are shown", async () => {
    expect(await ask(0, `&limit=${HOSTS - 1}`)).toMatchObject({
      found: HOSTS - 1,
      said: undefined,
    });
    expect(await ask(0, `&limit=${HOSTS}`)).toMatchObject({ said: "max_candidates" });
    expect(await ask(2)).toMatchObject({ found: HOSTS, said: undefined });
    expect(await ask(2, "&limit=3")).toMatchObject({ found: 3, said: undefined });
  });

  it("says that the work ended it, in the explanation too", async () => {
    const { found, said } = await ask(1);
    expect(said).toBe("max_work");
    expect(found).toBeLessThan(HOSTS);
    const { answer } = await ask(1, "&explain=true");
    expect(answer.headers["x-placement-truncated"]).toBe("max_work");
    expect(answer.body.explanation.complete).toBe(false);
    const { answer: whole } = await ask(2, "&explain=true");
    expect(whole.body.explanation.complete).toBe(true);
  });

  it("says nothing where there is nothing to find", async () => {
    const { found, said } = await ask(0, `&in_tree=${randomUUID()}`);
    expect([found, said]).toEqual([0, undefined]);
  });
});
