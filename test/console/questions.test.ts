/** The console's own rules about queries, explanations, events, drains and errors. */
import { describe, expect, test } from "vitest";
import { adviceOf } from "../../console/model/advice.ts";
import { NO_SEARCH, searchOf } from "../../console/model/consumer-search.ts";
import { drainOf, isDrained, reservedOf, undoOf } from "../../console/model/drain.ts";
import { matching } from "../../console/model/event-filter.ts";
import { type Explanation, funnelsOf, reasonOf } from "../../console/model/explanation.ts";
import {
  callerOf,
  detailOf,
  type Happening,
  providersOf,
  verbOf,
} from "../../console/model/happening.ts";
import { documentOf, NEW_ROW, rowsOf } from "../../console/model/inventory-rows.ts";
import { perMinute } from "../../console/model/per-minute.ts";
import type { Provider } from "../../console/model/provider.ts";
import { queryOf, queryText } from "../../console/model/query.ts";
import { heldSince } from "../../console/model/since.ts";

describe("a query", () => {
  test.each([
    "resources=VCPU:2,MEMORY_MB:512&required=HW_CPU_X86_AVX2,!CUSTOM_OLD&limit=10",
    "resources=VCPU:1&resources_1=VGPU:4&required_1=CUSTOM_X&in_tree_1=4e8e&group_policy=isolate",
    "resources=VCPU:1&member_of=in:a,b&root_required=CUSTOM_Y&same_subtree=_1,_2",
    "resources=VCPU:1&required=A&member_of=a&required=in:B,C&member_of=!b",
  ])("%s goes through the form and is what it was", (text) => {
    const again = new URLSearchParams(queryText(queryOf(text)));
    expect([...again].sort()).toEqual([...new URLSearchParams(text)].sort());
  });

  test("is taken from a whole address, without what the console adds", () => {
    const query = queryOf("GET /allocation_candidates?resources=VCPU:1&explain=true");
    expect(queryText(query)).toBe("resources=VCPU:1");
  });
});

describe("an explanation", () => {
  const group = (trees: readonly number[], removed_by: string | null) => ({
    conditions: trees.map((each, index) => ({
      condition: `c${index}`,
      providers: each,
      trees: each,
    })),
    removed_by,
  });
  const all = (satisfied: boolean, removed_by: string | null): Explanation["all_groups"] => ({
    conditions: [{ condition: "all groups at one root", satisfied, trees: satisfied ? 3 : 0 }],
    removed_by,
  });

  test("is a funnel: what each condition removed, and which removed the last", () => {
    const funnels = funnelsOf(
      { groups: { "": group([125, 125, 0], "c2") }, all_groups: all(false, null), complete: true },
      1_000,
    );
    expect(funnels[0]?.steps.map(({ removed, isEnd }) => [removed, isEnd])).toEqual([
      [875, false],
      [0, false],
      [125, true],
    ]);
    expect(reasonOf(funnels)).toBe(
      "c2 removed the last 125 hosts that satisfied everything before it.",
    );
  });

  test.each([
    [group([0], "c0"), "No host satisfies c0: it removed all 7."],
    [group([1, 0], "c1"), "c1 removed the last host that satisfied everything before it."],
    [group([3], null), undefined],
  ])("gives a reason: %#", (given, reason) => {
    const satisfied = given.removed_by === null;
    const funnels = funnelsOf(
      { groups: { "": given }, all_groups: all(satisfied, null), complete: true },
      7,
    );
    expect(reasonOf(funnels)).toBe(reason);
  });

  test("names the group, or that they do not fit together", () => {
    const groups = { _1: group([5], null), _2: group([4], null) };
    const by = "all groups at one root";
    const together = funnelsOf({ groups, all_groups: all(false, by), complete: true }, 7);
    expect(together.map(({ title }) => title)).toEqual([
      "Group _1",
      "Group _2",
      "All groups together",
    ]);
    expect(reasonOf(together)).toContain("all groups together");
  });
});

const event = (more: Partial<Happening>): Happening => ({
  ...{ id: "1", subject: "s", time: "2026-01-31T09:00:10Z", cause: "request", request_id: null },
  ...{ generation_after: 1, event: "placement.allocation.create", project_id: "demo", changes: {} },
  ...more,
});

describe("an event", () => {
  const claimed = event({
    caller: { kind: "keystone", user: "alice" },
    changes: { allocations: { before: { old: { VCPU: 1 } }, after: { new: { VCPU: 2 } } } },
  });

  test("says who did what, and which providers it touched", () => {
    expect([callerOf(claimed), verbOf(claimed), detailOf(claimed)]).toEqual([
      "alice",
      "claimed",
      "2 VCPU on new",
    ]);
    expect(providersOf(claimed)).toEqual(["old", "new"]);
    const traits = event({
      event: "placement.traits.update",
      changes: { traits: { before: ["A"], after: ["B"] } },
    });
    expect([detailOf(traits), providersOf(traits)]).toEqual(["+ B, − A", ["s"]]);
    expect(callerOf(event({ cause: "lease_expired" }))).toBe("the service");
    expect(providersOf(event({ event: "placement.lease.delete" }))).toEqual([]);
  });

  test("is found by any of its words", () => {
    const all = [claimed, event({ id: "2", subject: "other" })];
    const found = (text: string) =>
      matching(all, text, (uuid) => `name of ${uuid}`).map(({ id }) => id);
    expect([found("ALICE"), found("demo"), found("name of other"), found("")]).toEqual([
      ["1"],
      ["1", "2"],
      ["2"],
      ["1", "2"],
    ]);
  });

  test("counts in its minute", () => {
    const now = Date.parse("2026-01-31T09:02:30Z");
    expect(
      perMinute([claimed, claimed, event({ time: "2026-01-31T08:00:00Z" })], now, 3).values,
    ).toEqual([2, 0, 0]);
  });

  test("tells since when something is held: without a break", () => {
    const at = (time: string, before: object | null, after: object | null, name = "update") =>
      event({
        ...{ time, event: `placement.allocation.${name}` },
        changes: { allocations: { before: before as never, after: after as never } },
      });
    const since = heldSince([
      at("1", null, { a: {} }, "create"),
      at("2", { a: {} }, { a: {}, b: {} }),
      at("3", { a: {} }, null, "delete"),
      at("4", null, { b: {} }, "create"),
      at("5", { b: {} }, { b: {}, c: {} }),
    ]);
    expect([...since]).toEqual([
      ["b", "4"],
      ["c", "5"],
    ]);
  });
});

describe("a drain", () => {
  const inventory = (reserved: number) => ({
    ...{ total: 8, reserved, min_unit: 1, max_unit: 8, step_size: 1, allocation_ratio: 16 },
  });
  const provider = (uuid: string, inventories: Provider["inventories"]): Provider => ({
    ...{ uuid, name: uuid, generation: 3, parent: null, root: uuid },
    ...{ inventories, usages: {}, traits: [], aggregates: [] },
  });
  const host = provider("host", { VCPU: inventory(1), DISK_GB: inventory(0) });

  test("reserves all of those that have something, and nothing else changes", () => {
    const [only, ...others] = drainOf([
      host,
      provider("empty", {}),
      provider("done", { VCPU: inventory(8) }),
    ]);
    expect(others).toEqual([]);
    expect(only?.inventories).toEqual({ VCPU: inventory(8), DISK_GB: inventory(8) });
    expect(isDrained({ inventories: only?.inventories ?? {} })).toBe(true);
  });

  test("is undone except where somebody else has changed it", () => {
    const remembered = { host: reservedOf(host) };
    const drained = provider("host", { VCPU: inventory(8), DISK_GB: inventory(5) });
    const [undone] = undoOf([drained], remembered);
    expect(undone?.inventories).toEqual({ VCPU: inventory(1), DISK_GB: inventory(5) });
    expect(undoOf([host], remembered)).toEqual([]);
    expect(undoOf([drained], {})).toEqual([]);
  });

  test("inventories are edited as texts; what is no number is none", () => {
    const rows = rowsOf(host.inventories);
    expect(documentOf(rows)).toEqual(host.inventories);
    expect(
      documentOf([...rows, { ...NEW_ROW, resourceClass: "VGPU", total: "4" }])?.["VGPU"]?.max_unit,
    ).toBe(4);
    expect(documentOf([...rows, NEW_ROW])).toBeUndefined();
    expect(documentOf([...rows, ...rows])).toBeUndefined();
  });
});

test("a search for consumers becomes parameters", () => {
  const now = Date.parse("2026-01-31T09:00:00Z");
  const search = (more: Partial<typeof NO_SEARCH>) => searchOf({ ...NO_SEARCH, ...more }, now);
  expect(search({})).toEqual({});
  expect(search({ user: "u" })).toEqual({});
  expect(search({ project: " p ", user: "u", type: "T" })).toEqual({
    project_id: "p",
    user_id: "u",
    consumer_type: "T",
  });
  expect(search({ which: "idle", hours: "2" })).toEqual({ idle_for: "7200" });
  expect(search({ which: "expiring", hours: "1" })).toEqual({
    expires_before: "2026-01-31T10:00:00Z",
  });
  expect(search({ which: "old", hours: "x" })).toEqual({ older_than: "0" });
});

test.each([
  [409, "placement.concurrent_update", "Somebody else changed it meanwhile"],
  [403, "placement.undefined_code", "You may not see or do this"],
  [409, "placement.undefined_code", "The service refuses the change"],
  [503, "placement.undefined_code", "The service is busy"],
  [422, "placement.idempotency_key.reused", "The service does not understand the request"],
  [undefined, "", "No answer came"],
])("an error of status %s and code %s has a title and advice", (status, code, title) => {
  expect(adviceOf({ status, code }).title).toBe(title);
});
