/** Text that is kept between answers: it is made once, and never outlives the names in it. */
import { expect, test } from "vitest";
import { IdSets } from "../../lib/model/snapshot/id-sets.ts";
import { MOST_KEPT, type Naming, SetTexts } from "../../lib/model/snapshot/set-texts.ts";
import { askCandidates, makeHost, setTraits } from "../support/candidates.ts";
import { useApi } from "../support/frame.ts";

const api = useApi();

function named(prefix: string, length = 1): Naming & { asked: number } {
  return {
    asked: 0,
    nameOf(id) {
      this.asked += 1;
      return `${prefix.repeat(length)}${id}`;
    },
  };
}

test("a set has one text, until its ids are named by another directory", () => {
  const sets = new IdSets();
  const texts = new SetTexts(sets);
  const [first, second] = [named("A"), named("B")];
  const set = sets.intern([3, 1]);
  for (let time = 0; time < 3; time += 1) expect(texts.textOf(set, first)).toBe('["A1","A3"]');
  expect(first.asked).toBe(2);
  expect(texts.textOf(set, second)).toBe('["B1","B3"]');
  expect(texts.textOf(set, first)).toBe('["A1","A3"]');
});

test("the texts that are kept have a bound in all", () => {
  const sets = new IdSets();
  const texts = new SetTexts(sets);
  const naming = named("X", 10_000);
  for (let id = 1; id <= 250; id += 1) {
    const text = texts.textOf(sets.intern([id]), naming);
    expect(JSON.parse(text)).toEqual([`${"X".repeat(10_000)}${id}`]);
    expect(texts.length).toBeLessThanOrEqual(MOST_KEPT);
  }
});

test("answers show a custom class by the name that it has now", async () => {
  await api.request("PUT", "/resource_classes/CUSTOM_OLD");
  const host = await makeHost(api, { VCPU: 4, CUSTOM_OLD: 2 }, { traits: ["CUSTOM_FIRST"] });
  const resources = async () => {
    const { summaries } = await askCandidates(api, "resources=VCPU:1");
    return summaries[host];
  };
  const parts = { traits: ["CUSTOM_FIRST"], parent_provider_uuid: null };
  expect(await resources()).toMatchObject({ ...parts, resources: { CUSTOM_OLD: { capacity: 2 } } });
  const renamed = await api.request("PUT", "/resource_classes/CUSTOM_OLD", {
    version: "1.6",
    body: { name: "CUSTOM_NEW" },
  });
  expect(renamed.status).toBe(200);
  const after = await resources();
  expect(after).toMatchObject({ ...parts, resources: { CUSTOM_NEW: { capacity: 2 } } });
  expect(JSON.stringify(after)).not.toContain("CUSTOM_OLD");
  await setTraits(api, host, ["CUSTOM_SECOND"]);
  expect(await resources()).toMatchObject({ traits: ["CUSTOM_SECOND"] });
});
