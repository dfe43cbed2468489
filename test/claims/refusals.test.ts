/** Claims by query that are refused for their form. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it, test } from "vitest";
import { type Expected, expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claimByQuery, newConsumer, newConsumers, queryBody } from "../support/query-claims.ts";
import { makeProvider, readUsages } from "../support/world.ts";

const api = useApi();
const bounded = useApi({ configuration: { maxCandidateWork: 20 } });
let host: string;
beforeAll(async () => {
  host = await makeProvider(api, { VCPU: 4 });
});

const GOOD = "resources=VCPU:1";
const ONE = { project_id: "p", user_id: "u" };
const uuid = randomUUID();

const FORMS: Readonly<Record<string, readonly [body: unknown, message: RegExp]>> = {
  "no consumers": [{ alternatives: [{ query: GOOD }] }, /'consumers' is a required property/],
  "an empty list of consumers": [queryBody([GOOD], { consumers: [] }), /should be non-empty/],
  "17 consumers": [queryBody([GOOD], { consumers: newConsumers(17) }), /is too long/],
  "no alternatives": [{ consumers: [ONE] }, /'alternatives' is a required property/],
  "an empty list of alternatives": [queryBody([]), /should be non-empty/],
  "9 alternatives": [queryBody(Array(9).fill(GOOD)), /is too long/],
  "a consumer twice": [
    queryBody([GOOD], { consumers: [newConsumer(uuid), newConsumer(uuid.toUpperCase())] }),
    /has non-unique elements/,
  ],
  "a consumer that is no uuid": [
    queryBody([GOOD], { consumers: [{ ...ONE, uuid: "server" }] }),
    /'server' is not a 'uuid'/,
  ],
  "a consumer without a project": [
    queryBody([GOOD], { consumers: [{ user_id: "u" }] }),
    /'project_id' is a required property/,
  ],
  "a negative generation": [
    queryBody([GOOD], { consumers: [{ ...ONE, consumer_generation: -1 }] }),
    /-1 is less than the minimum of 0/,
  ],
  "a type in lower case": [
    queryBody([GOOD], { consumers: [{ ...ONE, consumer_type: "instance" }] }),
    /'instance' does not match/,
  ],
  "an unknown member of a consumer": [
    queryBody([GOOD], { consumers: [{ ...ONE, allocations: {} }] }),
    /Additional properties are not allowed/,
  ],
  "an unknown member": [{ ...queryBody([GOOD]), limit: 1 }, /Additional properties are not/],
  "an alternative without a query": [
    { consumers: [ONE], alternatives: [{}] },
    /is not of type 'string', 'object'|'query' is a required property/,
  ],
  "a query that is a number": [
    { consumers: [ONE], alternatives: [{ query: 1 }] },
    /1 is not of type 'string', 'object'/,
  ],
  "a parameter that is a number": [
    { consumers: [ONE], alternatives: [{ query: { resources: 1 } }] },
    /is not of type 'string', 'object'/,
  ],
  "an explain that is a text": [
    { ...queryBody([GOOD]), explain: "true" },
    /is not of type 'boolean'/,
  ],
};

describe("a body with", () => {
  it.each(Object.entries(FORMS))("%s", async (_, [body, message]) => {
    expectRefusal(await api.request("POST", "/claims", { body }), { status: 400, message });
    expect(await readUsages(api, host)).toEqual({ VCPU: 0 });
  });
});

const QUERIES: Readonly<Record<string, Partial<Expected>>> = {
  "resources=VCPU:1&limit=1": { message: /'limit' does not match any of the regexes/ },
  "resources=VCPU:1&explain=true": { message: /'explain' does not match any of the regexes/ },
  "required=HW_CPU_X86_VMX": {
    code: "placement.query.missing_value",
    message: "There must be at least one resources or resources[$S] parameter.",
  },
  "resources=NOTHING:1": { message: /No such resource class/ },
  "resources=VCPU:0": { message: /VCPU/ },
  "resources=VCPU:1&required=CUSTOM_UNKNOWN": { message: "No such trait(s): CUSTOM_UNKNOWN." },
  "resources1=VCPU:1&resources2=VCPU:1": { message: /"group_policy" parameter is required/ },
  "resources=VCPU:1&in_tree=server": { message: /Expected 'in_tree' parameter/ },
};

describe("a query like the one of the candidates, at 1.39:", () => {
  it.each(Object.entries(QUERIES))("%s", async (query, expected) => {
    // The second alternative is read as well, though the first one has candidates.
    const answer = await claimByQuery(api, [GOOD, query]);
    expectRefusal(answer, { status: 400, ...expected });
    expect(await readUsages(api, host)).toEqual({ VCPU: 0 });
  });
});

test("a caller without the rule is refused", async () => {
  const answer = await claimByQuery(api, [GOOD], {}, { token: "user:project", roles: "member" });
  expectRefusal(answer, {
    status: 403,
    message: /Policy does not allow placement:claims:create to be performed/,
  });
});

test("a search that its work ends before it is complete is 503, and writes nothing", async () => {
  for (let index = 0; index < 12; index += 1) await makeProvider(bounded, { VGPU: 1 });
  const before = await bounded.items();
  const answer = await claimByQuery(bounded, ["resources=VGPU:2"]);
  expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
  expect(answer.body.errors[0]).toMatchObject({
    code: "placement.claim.search_unfinished",
    detail: expect.stringContaining("nothing was written"),
  });
  expect(await bounded.items()).toEqual(before);
});
