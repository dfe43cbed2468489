/** Who sees which events. */
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { historyOf, historyPath, steps } from "../support/history.ts";
import { claimBody, makeProvider } from "../support/world.ts";

const api = useApi();
const MINE = { token: "someone:mine", roles: "reader" };
const THEIRS = { token: "someone:theirs", roles: "reader" };
let host: string;
/** Of the project `mine`, then of `theirs`. */
let consumer: string;

beforeAll(async () => {
  host = await makeProvider(api, { VCPU: 10 });
  consumer = randomUUID();
  const owners = ["mine", "theirs", "theirs"];
  for (const [index, project] of owners.entries()) {
    const generation = index === 0 ? null : index;
    const body = { ...claimBody({ [host]: { VCPU: index + 1 } }, generation), project_id: project };
    const answer = await api.request("PUT", `/allocations/${consumer}`, { body });
    expect(answer.status).toBe(204);
  }
});
const of = (options: object) => historyOf(api, "consumers", consumer, options);

test("administrators and services see all events, and who has caused them", async () => {
  for (const roles of ["admin", "service"]) {
    const events = await of({ token: "root:elsewhere", roles });
    expect(steps(events)).toHaveLength(3);
    expect(events.map(({ caller }) => caller)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: "headers", user: "admin" })),
    );
  }
});

test("a project's reader sees those of its own consumers, and not who has caused them", async () => {
  const events = await of(MINE);
  expect(steps(events)).toEqual(["allocation.create null>1"]);
  expect(events[0]).not.toHaveProperty("caller");
  expect(events[0]?.changes["allocations"]).toEqual({
    before: null,
    after: { [host]: { VCPU: 1 } },
  });
  expect(events[0]?.request_id).toMatch(/^req-/);
  for (const each of [...events, ...(await of(THEIRS))]) {
    expect(JSON.stringify(each)).not.toContain("admin");
  }
});

test("of a consumer that came from another project, it does not see what it was there", async () => {
  const [came, later] = await of(THEIRS);
  expect(came?.changes).toEqual({
    project_id: { before: null, after: "theirs" },
    allocations: { before: null, after: { [host]: { VCPU: 2 } } },
  });
  expect(later?.changes["allocations"]?.before).toEqual({ [host]: { VCPU: 2 } });
  expect(JSON.stringify(came)).not.toContain("mine");
});

test("a page that is cut off goes on after what a reader may not see", async () => {
  const path = historyPath("consumers", consumer, "?limit=1");
  const { body } = await api.request("GET", path, THEIRS);
  const next = await api.request("GET", `${path}&marker=${body.next_marker}`, THEIRS);
  expect([...body.events, ...next.body.events]).toEqual(await of(THEIRS));
  expect(next.body.next_marker).toBe(null);
});

test("a project's reader sees nothing of providers, nor of other projects' consumers", async () => {
  expect(await historyOf(api, "resource_providers", host, MINE)).toEqual([]);
  expect(await of({ token: "someone:nobody", roles: "reader" })).toEqual([]);
});

test("others may not ask", async () => {
  for (const kind of ["consumers", "resource_providers"] as const) {
    const path = historyPath(kind, consumer);
    const member = await api.request("GET", path, { token: "someone:mine", roles: "member" });
    expectRefusal(member, { status: 403, message: /placement:history:show/ });
    expect((await api.request("GET", path, { token: null })).status).toBe(401);
  }
});
