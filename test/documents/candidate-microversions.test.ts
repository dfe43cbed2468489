/** What each microversion changed of allocation candidates, as microversions.test.ts of the rest. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const api = useApi();
let provider = "";

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 100 });
});

const get = (to: string, version: string) => api.request("GET", to, { version });

/** Statuses of one request in two versions. */
async function inBoth(to: string, versions: [string, string]) {
  const statuses: number[] = [];
  for (const version of versions) statuses.push((await get(to, version)).status);
  return statuses;
}

describe("microversions of allocation candidates", () => {
  const query = (more: string) => `/allocation_candidates?resources=VCPU:1${more}`;

  it("1.10: allocation candidates", async () => {
    expect(await inBoth(query(""), ["1.9", "1.10"])).toEqual([404, 200]);
  });

  it("1.16: limit", async () => {
    expect(await inBoth(query("&limit=1"), ["1.15", "1.16"])).toEqual([400, 200]);
  });

  it("1.17: required, and traits in the summaries", async () => {
    const to = query("&required=HW_CPU_X86_VMX");
    expect(await inBoth(to, ["1.16", "1.17"])).toEqual([400, 200]);
    const summary = async (version: string) =>
      (await get(query(""), version)).body.provider_summaries[provider] as object;
    expect(await summary("1.16")).not.toHaveProperty("traits");
    expect(await summary("1.17")).toHaveProperty("traits");
  });

  it("1.21: member_of", async () => {
    const to = query(`&member_of=${randomUUID()}`);
    expect(await inBoth(to, ["1.20", "1.21"])).toEqual([400, 200]);
  });

  it("1.25: numbered request groups", async () => {
    const to = "/allocation_candidates?resources1=VCPU:1";
    expect(await inBoth(to, ["1.24", "1.25"])).toEqual([400, 200]);
  });

  it("1.27: all classes of a provider in its summary", async () => {
    const both = await makeProvider(api, { VCPU: 8, MEMORY_MB: 8 });
    const classes = async (version: string) => {
      const { body } = await get(query(""), version);
      return Object.keys(body.provider_summaries[both].resources);
    };
    expect(await classes("1.26")).toEqual(["VCPU"]);
    expect((await classes("1.27")).sort()).toEqual(["MEMORY_MB", "VCPU"]);
  });

  it("1.29: candidates of several providers of one tree", async () => {
    const root = await makeProvider(api, { VCPU: 8 });
    await makeProvider(api, { SRIOV_NET_VF: 8 }, { parent: root });
    const to = "/allocation_candidates?resources=VCPU:1,SRIOV_NET_VF:1";
    expect((await get(to, "1.28")).body.allocation_requests).toEqual([]);
    expect((await get(to, "1.29")).body.allocation_requests).toHaveLength(1);
  });

  it("1.31: in_tree", async () => {
    const to = query(`&in_tree=${provider}`);
    expect(await inBoth(to, ["1.30", "1.31"])).toEqual([400, 200]);
  });

  it("1.33: request groups of any name", async () => {
    const to = "/allocation_candidates?resources_NET=VCPU:1";
    expect(await inBoth(to, ["1.32", "1.33"])).toEqual([400, 200]);
  });

  it("1.35: root_required", async () => {
    const to = query("&root_required=HW_CPU_X86_VMX");
    expect(await inBoth(to, ["1.34", "1.35"])).toEqual([400, 200]);
  });

  it("1.36: same_subtree", async () => {
    const to = "/allocation_candidates?resources_A=VCPU:1&same_subtree=_A";
    expect(await inBoth(to, ["1.35", "1.36"])).toEqual([400, 200]);
  });
});
