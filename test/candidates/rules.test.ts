import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Api, startApi } from "../support/api.ts";
import { askCandidates, inOrder, makeHost, SHARES } from "../support/candidates.ts";

const [A, B, C] = [randomUUID(), randomUUID(), randomUUID()];

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

async function found(query: string, version?: string) {
  return inOrder((await askCandidates(api, query, version)).allocations);
}

describe("a group", () => {
  it("never splits a class over providers", async () => {
    const host = await makeHost(api);
    await makeHost(api, { VGPU: 1 }, { parent: host });
    await makeHost(api, { VGPU: 1 }, { parent: host });
    expect(await found("resources=VGPU:2")).toEqual([]);
    expect(await found("resources=VGPU:1")).toHaveLength(2);
  });

  it("takes each class of the unsuffixed one from any provider of the tree", async () => {
    const host = await makeHost(api, { MEMORY_MB: 10 });
    const numa = await makeHost(api, { VCPU: 4 }, { parent: host });
    const query = "resources=VCPU:1,MEMORY_MB:1";
    expect(await found(query)).toEqual([{ [numa]: { VCPU: 1 }, [host]: { MEMORY_MB: 1 } }]);
    expect(await found("resources1=VCPU:1,MEMORY_MB:1")).toEqual([]);
    // Below 1.29 no two providers of a tree.
    expect(await found(query, "1.28")).toEqual([]);
    expect(await found("resources=VCPU:1", "1.28")).toEqual([{ [numa]: { VCPU: 1 } }]);
  });

  it("has the traits of the unsuffixed one among the providers that give resources", async () => {
    const host = await makeHost(api, { MEMORY_MB: 10 }, { traits: ["CUSTOM_X"] });
    const numa = await makeHost(api, { VCPU: 4 }, { parent: host, traits: ["CUSTOM_Y"] });
    const both = [{ [numa]: { VCPU: 1 }, [host]: { MEMORY_MB: 1 } }];
    expect(await found("resources=VCPU:1,MEMORY_MB:1&required=CUSTOM_X,CUSTOM_Y")).toEqual(both);
    expect(await found("resources=VCPU:1&required=CUSTOM_Y")).toHaveLength(1);
    expect(await found("resources=VCPU:1&required=CUSTOM_X")).toEqual([]);
    expect(await found("resources=VCPU:1,MEMORY_MB:1&required=!CUSTOM_X")).toEqual([]);
    expect(await found("resources=VCPU:1&required=in:CUSTOM_X,CUSTOM_Y")).toHaveLength(1);
  });

  it("meets min_unit, max_unit, step_size and capacity by itself", async () => {
    await makeHost(api, { VCPU: { total: 10, min_unit: 2, max_unit: 6, step_size: 2 } });
    for (const [amount, count] of [
      [1, 0],
      [2, 1],
      [3, 0],
      [6, 1],
      [8, 0],
    ] as const) {
      expect(await found(`resources=VCPU:${amount}`)).toHaveLength(count);
    }
    const two = (a: number, b: number) =>
      found(`resources1=VCPU:${a}&resources2=VCPU:${b}&group_policy=none`);
    expect(await two(1, 1)).toEqual([]);
    // The sum is measured by max_unit and capacity.
    expect(await two(2, 4)).toHaveLength(1);
    expect(await two(4, 4)).toEqual([]);
  });
});

describe("group_policy", () => {
  it("isolates suffixed groups from one another, not from the unsuffixed one", async () => {
    const host = await makeHost(api, { VCPU: 8 });
    const [left, right] = [
      await makeHost(api, { VGPU: 2 }, { parent: host }),
      await makeHost(api, { VGPU: 2 }, { parent: host }),
    ];
    const query = "resources=VCPU:1&resources1=VGPU:1&resources2=VGPU:1";
    const apart = { [host]: { VCPU: 1 }, [left]: { VGPU: 1 }, [right]: { VGPU: 1 } };
    // The groups may be swapped, which makes another candidate below 1.34 too.
    expect(await found(`${query}&group_policy=isolate`)).toEqual([apart, apart]);
    expect(await found(`${query}&group_policy=isolate`, "1.29")).toHaveLength(2);
    expect(await found(`${query}&group_policy=none`)).toHaveLength(4);
    const mixed = "resources=VGPU:1&resources1=VGPU:1&group_policy=isolate";
    expect(await found(mixed)).toHaveLength(4);
  });
});

describe("sharing providers", () => {
  it("serve every tree with a provider in one of their aggregates, nested ones too", async () => {
    const disk = await makeHost(api, { DISK_GB: 9 }, { traits: [SHARES], aggregates: [A] });
    const near = await makeHost(api, { VCPU: 1 });
    await makeHost(api, {}, { parent: near, aggregates: [A] });
    await makeHost(api, { VCPU: 1 }, { aggregates: [B] });
    const shared = [{ [near]: { VCPU: 1 }, [disk]: { DISK_GB: 1 } }];
    expect(await found("resources=VCPU:1,DISK_GB:1")).toEqual(shared);
    expect(await found("resources=VCPU:1&resources1=DISK_GB:1")).toEqual(shared);
    // Without the trait nothing is shared.
    await makeHost(api, { VGPU: 9 }, { aggregates: [A] });
    expect(await found("resources=VCPU:1,VGPU:1")).toEqual([]);
  });

  it("appear once by themselves, however many hosts they serve", async () => {
    const disk = await makeHost(api, { DISK_GB: 9 }, { traits: [SHARES], aggregates: [A] });
    for (let count = 0; count < 3; count += 1) await makeHost(api, {}, { aggregates: [A] });
    expect(await found("resources=DISK_GB:1")).toEqual([{ [disk]: { DISK_GB: 1 } }]);
    const net = await makeHost(api, { VGPU: 9 }, { traits: [SHARES], aggregates: [A, B] });
    // Two sharing providers meet at the hosts, and at each other's root.
    const pair = [{ [disk]: { DISK_GB: 1 }, [net]: { VGPU: 1 } }];
    expect(await found("resources1=DISK_GB:1&resources2=VGPU:1&group_policy=none")).toEqual(pair);
  });

  it("need not be roots, and are members of their own tree", async () => {
    const host = await makeHost(api, { VCPU: 1 });
    const disk = await makeHost(
      api,
      { DISK_GB: 9 },
      { parent: host, traits: [SHARES], aggregates: [A] },
    );
    const other = await makeHost(api, { VCPU: 1 }, { aggregates: [A] });
    const wanted = [host, other].map((each) => ({ [each]: { VCPU: 1 }, [disk]: { DISK_GB: 1 } }));
    expect(await found("resources=VCPU:1,DISK_GB:1")).toEqual(inOrder(wanted));
  });

  it("bring their own tree into the summaries", async () => {
    const parent = await makeHost(api);
    const disk = await makeHost(api, { DISK_GB: 9 }, { parent, traits: [SHARES], aggregates: [A] });
    const host = await makeHost(api, { VCPU: 1 }, { aggregates: [A] });
    const { summaries } = await askCandidates(api, "resources=VCPU:1,DISK_GB:1");
    expect(Object.keys(summaries).sort()).toEqual([parent, disk, host].sort());
  });
});

describe("member_of", () => {
  it("is met by the root for all of the unsuffixed group, and directly by suffixed ones", async () => {
    const host = await makeHost(api, {}, { aggregates: [A] });
    const numa = await makeHost(api, { VCPU: 4 }, { parent: host, aggregates: [B] });
    for (const aggregate of [A, B]) {
      expect(await found(`resources=VCPU:1&member_of=${aggregate}`)).toHaveLength(1);
      expect(await found(`resources=VCPU:1&member_of=!${aggregate}`)).toEqual([]);
    }
    expect(await found(`resources1=VCPU:1&member_of1=${A}`)).toEqual([]);
    expect(await found(`resources1=VCPU:1&member_of1=!${A}`)).toEqual([{ [numa]: { VCPU: 1 } }]);
    expect(await found(`resources1=VCPU:1&member_of1=in:${A},${B}`)).toHaveLength(1);
    expect(await found(`resources1=VCPU:1&member_of1=${A}&member_of1=${B}`)).toEqual([]);
  });

  it("is asked of a sharing provider itself", async () => {
    await makeHost(api, { DISK_GB: 9 }, { traits: [SHARES], aggregates: [A] });
    await makeHost(api, { VCPU: 1 }, { aggregates: [A, C] });
    expect(await found(`resources=VCPU:1,DISK_GB:1&member_of=${A}`)).toHaveLength(1);
    expect(await found(`resources=VCPU:1,DISK_GB:1&member_of=${C}`)).toEqual([]);
    expect(await found(`resources=VCPU:1&member_of=${C}`)).toHaveLength(1);
  });
});

describe("in_tree and root_required", () => {
  it("limit the anchor of the unsuffixed group, and the provider of a suffixed one", async () => {
    const disk = await makeHost(api, { DISK_GB: 9 }, { traits: [SHARES], aggregates: [A] });
    const host = await makeHost(api, { VCPU: 1, DISK_GB: 5 }, { aggregates: [A] });
    const child = await makeHost(api, {}, { parent: host });
    await makeHost(api, { VCPU: 1 }, { aggregates: [A] });
    const own = [{ [host]: { VCPU: 1, DISK_GB: 1 } }];
    const query = `resources=VCPU:1,DISK_GB:1&in_tree=${child}`;
    expect(await found(query)).toEqual(own);
    const apart = `resources=VCPU:1&resources1=DISK_GB:1&in_tree1=${disk}`;
    expect(await found(apart)).toHaveLength(2);
    expect(await found(`${apart}&in_tree=${host}`)).toEqual([
      { [host]: { VCPU: 1 }, [disk]: { DISK_GB: 1 } },
    ]);
  });

  it("test the anchor's root; sharing providers alone pass if one anchor does", async () => {
    const disk = await makeHost(api, { DISK_GB: 9 }, { traits: [SHARES], aggregates: [A] });
    const host = await makeHost(api, { VCPU: 1 }, { aggregates: [A], traits: ["CUSTOM_GOOD"] });
    const nested = await makeHost(api, { VGPU: 1 }, { parent: host });
    await makeHost(api, { VCPU: 1, VGPU: 1 }, { aggregates: [A] });
    const good = "root_required=CUSTOM_GOOD";
    expect(await found(`resources=VCPU:1&${good}`)).toEqual([{ [host]: { VCPU: 1 } }]);
    expect(await found(`resources=VGPU:1&${good}`)).toEqual([{ [nested]: { VGPU: 1 } }]);
    expect(await found(`resources=DISK_GB:1&${good}`)).toEqual([{ [disk]: { DISK_GB: 1 } }]);
    expect(await found("resources=VCPU:1&root_required=!CUSTOM_GOOD")).toHaveLength(1);
    expect(await found(`resources=DISK_GB:1&${good},!HW_CPU_X86_SSE`)).toHaveLength(1);
  });
});

describe("same_subtree", () => {
  let host: string;
  let numas: string[];
  beforeEach(async () => {
    host = await makeHost(api, { MEMORY_MB: 64 }, { traits: ["CUSTOM_HOST"] });
    numas = [];
    for (let count = 0; count < 2; count += 1) {
      const numa = await makeHost(api, { VCPU: 4 }, { parent: host, traits: ["HW_NUMA_ROOT"] });
      const hole = await makeHost(api, {}, { parent: numa });
      await makeHost(api, { VGPU: 1 }, { parent: hole });
      numas.push(numa);
    }
  });

  it("wants one provider to be the ancestor of the others, over holes", async () => {
    const groups = "resources_C=VCPU:1&resources_G=VGPU:1&group_policy=none";
    expect(await found(groups)).toHaveLength(4);
    expect(await found(`${groups}&same_subtree=_C,_G`)).toHaveLength(2);
    expect(await found(`${groups}&same_subtree=_G,_C,_C`)).toHaveLength(2);
    // One suffix alone is always true.
    expect(await found(`${groups}&same_subtree=_C`)).toHaveLength(4);
    // Siblings are in one subtree only with their parent.
    const two = "resources_1=VGPU:1&resources_2=VGPU:1&group_policy=isolate";
    expect(await found(`${two}&same_subtree=_1,_2`)).toEqual([]);
    expect(await found(`${two}&required_H=CUSTOM_HOST&same_subtree=_1,_2,_H`)).toHaveLength(2);
  });

  it("takes groups without resources from any provider with their traits", async () => {
    const query = "resources_G=VGPU:1&required_N=HW_NUMA_ROOT&same_subtree=_G,_N&group_policy=none";
    const { mappings, allocations } = await askCandidates(api, query);
    expect(mappings.map((each) => each["_N"]?.[0]).sort()).toEqual([...numas].sort());
    for (const each of allocations) expect(Object.keys(each)).toHaveLength(1);
    // Forbidden traits alone ask for nothing, and in_tree is ignored.
    const nothing = query.replace("HW_NUMA_ROOT", "!CUSTOM_HOST");
    expect(await found(nothing)).toEqual([]);
    expect(await found(`${query}&in_tree_N=${randomUUID()}`)).toHaveLength(2);
  });

  it("counts a group without resources when groups are isolated", async () => {
    const query = "resources_C=VCPU:1&required_N=HW_NUMA_ROOT&same_subtree=_C,_N";
    expect(await found(`${query}&group_policy=none`)).toHaveLength(2);
    expect(await found(`${query}&group_policy=isolate`)).toEqual([]);
  });
});
