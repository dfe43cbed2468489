/** Candidates by a query in the body: the answers of the GET, where no URL holds the query. */
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { LIMITS } from "../../lib/api/limits.ts";
import { makeHost } from "../support/candidates.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";

const api = useApi({ configuration: { maxCandidates: 2 } });
const aggregate = randomUUID();
let host = "";

beforeAll(async () => {
  const given = { traits: ["HW_CPU_X86_AVX"], aggregates: [aggregate] };
  host = await makeHost(api, { VCPU: 8, MEMORY_MB: 8 }, given);
  for (let count = 0; count < 2; count += 1) await makeHost(api, { VCPU: 8 });
});

const ask = (query: string, version = "1.39", more = {}) =>
  api.request("POST", "/allocation_candidates", { version, body: { query }, ...more });
const get = (query: string, version = "1.39", more = {}) =>
  api.request("GET", `/allocation_candidates?${query}`, { version, ...more });

const QUERIES: readonly string[] = [
  "resources=VCPU:1",
  "resources=VCPU:1&limit=1",
  "resources=VCPU:1&required=HW_CPU_X86_AVX",
  `resources=VCPU%3A1%2CMEMORY_MB:2&member_of=in%3A${aggregate}`,
  "resources=VCPU:1&resources1=MEMORY_MB:1&group_policy=none",
  "resources=VCPU:1&explain=true",
  "resources=VCPU:0",
  "resources=UNHEARD_OF:1",
  "resources=VCPU:1&limit=abc&limit=5",
  "colour=blue",
  "",
];

test.each(["1.10", "1.12", "1.16", "1.17", "1.21", "1.25", "1.29", "1.33", "1.39"])(
  "at %s each answer, and each refusal, is that of the GET",
  async (version) => {
    for (const query of QUERIES) {
      const [posted, got] = [await ask(query, version), await get(query, version)];
      expect([query, posted.status]).toEqual([query, got.status]);
      const { request_id: _, ...refusal } = got.body.errors?.[0] ?? {};
      if (got.status === 200) expect(JSON.stringify(posted.body)).toBe(JSON.stringify(got.body));
      else expect(posted.body.errors[0]).toMatchObject(refusal);
      for (const name of ["x-placement-truncated", "vary", "cache-control"]) {
        expect([name, posted.headers[name]]).toEqual([name, got.headers[name]]);
      }
    }
  },
);

test("400 aggregates are asked for, which no URL holds", async () => {
  const others = Array.from({ length: 399 }, () => randomUUID());
  const query = `resources=VCPU:1&member_of=in:${[...others, aggregate].join(",")}`;
  const { status, body } = await ask(query);
  expect([status, Object.keys(body.provider_summaries)]).toEqual([200, [host]]);
  expect((await get(query)).status).toBe(431);
});

test("it reads: an Idempotency-Key is ignored, Accept is checked, the GET's rule guards it", async () => {
  const headers = { "idempotency-key": "one" };
  const before = await api.items();
  expect((await ask("resources=VCPU:1", "1.39", { headers })).status).toBe(200);
  expect((await ask("resources=VCPU:1&limit=1", "1.39", { headers })).status).toBe(200);
  expect(await api.items()).toEqual(before);
  const text = await ask("resources=VCPU:1", "1.39", { headers: { accept: "text/plain" } });
  expect(text.status).toBe(406);
  expectRefusal(await ask("resources=VCPU:1", "1.39", { token: "x", roles: "reader" }), {
    status: 403,
    message: "Policy does not allow placement:allocation_candidates:list to be performed.",
  });
});

test("bad input is 400, another method 405, an earlier version 404", async () => {
  const post = (body: unknown) => api.request("POST", "/allocation_candidates", { body });
  const most = LIMITS.postedQueryLength;
  const parameters = Array.from({ length: 501 }, () => "resources=VCPU:1").join("&");
  for (const [body, message] of [
    [{}, /'query' is a required property/],
    [{ query: 1 }, /is not of type 'string'/],
    [{ query: "resources=VCPU:1", limit: 1 }, /'limit' was unexpected/],
    [{ query: "x".repeat(most + 1) }, /is too long/],
    [{ query: parameters }, /A query may have at most 500 parameters/],
    [[], /is not of type 'object'/],
  ] as const) {
    expectRefusal(await post(body), { status: 400, message });
  }
  expect((await ask(`resources=VCPU:1&${"x".repeat(257)}=1`)).status).toBe(400);
  const put = await api.request("PUT", "/allocation_candidates", { body: {} });
  expect([put.status, put.headers["allow"]]).toEqual([405, "GET, POST"]);
  expect((await ask("resources=VCPU:1", "1.9")).status).toBe(404);
});
