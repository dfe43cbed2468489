/** The code that a function's bundle contains: only what its operation uses. */
import { beforeAll, expect, it } from "vitest";
import { operations, tasks } from "../../functions/index.ts";
import { functionSources } from "../../infra/bundling.mjs";

/** All but the one behind `$default`, which knows the list of all operations. */
const ids = [...operations, ...tasks].map(({ id }) => id);
let sources: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  sources = await functionSources(ids);
});

const containing = (part: string) =>
  [...sources].filter(([, paths]) => paths.some((path) => path.includes(part))).map(([id]) => id);

it("is that of every function", () => {
  expect([...sources.keys()].sort()).toEqual([...ids].sort());
  expect(containing("lib/store/open-store.ts")).toEqual(expect.arrayContaining(ids));
});

it("has snapshots where all providers are listed or searched, and nowhere else", () => {
  const searches = [
    "allocation-candidates/list",
    "allocation-candidates/list-query",
    "claims/create",
  ];
  const users = [...searches, "metrics/list", "resource-providers/list"];
  for (const part of ["cache/snapshot/cache.ts", "cache/snapshot/view.ts", "lib/model/snapshot/"]) {
    expect([part, containing(part).sort()]).toEqual([part, users]);
  }
  expect(containing("lib/model/candidates/").sort()).toEqual(searches);
});

it("has the consumers of large projects where usages are summed, and nowhere else", () => {
  expect(containing("lib/store/cache/usages/kept-project.ts")).toEqual(["usages/show"]);
});
