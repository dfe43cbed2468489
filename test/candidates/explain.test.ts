import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { askCandidates, makeHost, SHARES } from "../support/candidates.ts";
import { useApi } from "../support/frame.ts";
import { claim } from "../support/world.ts";

const AGGREGATE = randomUUID();

describe("explain=true", () => {
  const api = useApi();
  beforeAll(async () => {
    const full = await makeHost(api, { VCPU: 4 }, { traits: ["HW_CPU_X86_SSE"] });
    expect((await claim(api, randomUUID(), { [full]: { VCPU: 4 } })).status).toBe(204);
    await makeHost(api, { VCPU: { total: 8, max_unit: 1 } }, { traits: ["HW_CPU_X86_SSE"] });
    await makeHost(api, { VCPU: 8 }, { aggregates: [AGGREGATE] });
    const root = await makeHost(api, { MEMORY_MB: 8 });
    await makeHost(api, { VCPU: 8, VGPU: 1 }, { parent: root });
    await makeHost(api, { PGPU: 1 }, { parent: root });
    await makeHost(api, { DISK_GB: 8 }, { traits: [SHARES], aggregates: [AGGREGATE] });
  });

  const explanation = async (query: string, version?: string) =>
    (await askCandidates(api, `${query}&explain=true`, version)).body.explanation;

  it("is off unless it is asked for", async () => {
    expect((await askCandidates(api, "resources=VCPU:1")).body.explanation).toBeUndefined();
    const { body } = await askCandidates(api, "resources=VCPU:1&explain=false");
    expect(body.explanation).toBeUndefined();
  });

  it("tells what each condition left over, and which one removed the last", async () => {
    const query = "resources=VCPU:2&required=HW_CPU_X86_SSE";
    expect(await explanation(query)).toEqual({
      groups: {
        "": {
          conditions: [
            { condition: "resources=VCPU:2, inventory of the class", providers: 4, trees: 4 },
            {
              condition: "resources=VCPU:2, min_unit, max_unit and step_size",
              providers: 3,
              trees: 3,
            },
            { condition: "resources=VCPU:2, capacity", providers: 2, trees: 2 },
            { condition: "required=HW_CPU_X86_SSE", providers: 0, trees: 0 },
          ],
          removed_by: "required=HW_CPU_X86_SSE",
        },
      },
      all_groups: {
        conditions: [{ condition: "all groups at one root", satisfied: false, trees: 0 }],
        removed_by: "all groups at one root",
      },
      complete: true,
    });
  });

  it("counts a sharing provider at every root that it serves", async () => {
    const { groups } = await explanation("resources1=DISK_GB:1");
    expect(groups["1"].conditions[0]).toMatchObject({ providers: 1, trees: 2 });
    expect(groups["1"].removed_by).toBeNull();
  });

  it("names every form of a condition", async () => {
    const { groups } = await explanation(
      [
        "resources1=VCPU:1",
        "required1=in:HW_CPU_X86_SSE,HW_CPU_X86_AVX",
        "required1=!HW_CPU_X86_MMX",
        `member_of1=in:${AGGREGATE},${AGGREGATE}`,
        `member_of1=!${AGGREGATE}`,
        `in_tree1=${AGGREGATE}`,
      ].join("&"),
    );
    const words = groups["1"].conditions.map(({ condition }: { condition: string }) => condition);
    expect(words.slice(3)).toEqual([
      "required1=!HW_CPU_X86_MMX",
      "required1=in:HW_CPU_X86_SSE,HW_CPU_X86_AVX",
      `member_of1=in:${AGGREGATE},${AGGREGATE}`,
      `member_of1=!${AGGREGATE}`,
      `in_tree1=${AGGREGATE}`,
    ]);
    expect(groups["1"].removed_by).toBe(`member_of1=in:${AGGREGATE},${AGGREGATE}`);
  });

  it.each([
    ["resources1=VGPU:1&resources2=DISK_GB:1&group_policy=none", "1.39", "all groups at one root"],
    ["resources=VCPU:1&root_required=HW_CPU_X86_AVX", "1.39", "root_required"],
    [
      "resources1=VGPU:1&resources2=VGPU:1&group_policy=none",
      "1.39",
      "all groups together: capacity, max_unit and required traits",
    ],
    [
      "resources_V=VGPU:1&resources_M=MEMORY_MB:1&same_subtree=_V,_M&group_policy=none",
      "1.39",
      null,
    ],
    [
      "resources_V=VGPU:1&resources_P=PGPU:1&same_subtree=_V,_P&group_policy=isolate",
      "1.39",
      "same_subtree",
    ],
    ["resources1=VCPU:1&resources2=VGPU:1&group_policy=isolate", "1.39", "group_policy=isolate"],
    ["resources=VCPU:1,MEMORY_MB:1", "1.28", "one provider of a tree, below 1.29"],
    ["resources=VCPU:1", "1.10", null],
  ])("names what the groups fail by together: %s at %s", async (query, version, removed) => {
    const { all_groups: joint } = await explanation(query, version);
    expect(joint.removed_by).toBe(removed);
  });
});
