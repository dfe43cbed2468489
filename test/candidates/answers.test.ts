import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { askCandidates, makeHost, SHARES } from "../support/candidates.ts";
import { useApi } from "../support/frame.ts";
import { claim } from "../support/world.ts";

const SSE = "HW_CPU_X86_SSE";

describe("an answer with candidates", () => {
  const api = useApi();
  let host: string;
  let numa: string;
  let device: string;
  let disk: string;
  beforeAll(async () => {
    const aggregates = [randomUUID()];
    const cpu = { total: 10, reserved: 1, allocation_ratio: 1.5 };
    host = await makeHost(api, { VCPU: cpu, MEMORY_MB: 1024 }, { traits: [SSE], aggregates });
    numa = await makeHost(api, {}, { parent: host });
    device = await makeHost(api, { VGPU: 4 }, { parent: numa });
    disk = await makeHost(api, { DISK_GB: 100 }, { traits: [SHARES], aggregates });
    expect((await claim(api, randomUUID(), { [host]: { VCPU: 3 } })).status).toBe(204);
  });

  it("lists allocations below 1.12, and has a key for each provider from then on", async () => {
    const query = "resources=VCPU:2,DISK_GB:5";
    const old = await askCandidates(api, query, "1.11");
    expect(old.body.allocation_requests).toEqual([
      {
        allocations: [
          { resource_provider: { uuid: host }, resources: { VCPU: 2 } },
          { resource_provider: { uuid: disk }, resources: { DISK_GB: 5 } },
        ],
      },
    ]);
    const allocations = {
      [host]: { resources: { VCPU: 2 } },
      [disk]: { resources: { DISK_GB: 5 } },
    };
    for (const version of ["1.12", "1.33"]) {
      const { body } = await askCandidates(api, query, version);
      expect(body.allocation_requests).toEqual([{ allocations }]);
    }
    const { body } = await askCandidates(api, query, "1.34");
    expect(body.allocation_requests).toEqual([{ allocations, mappings: { "": [host, disk] } }]);
  });

  it("maps every group from 1.34", async () => {
    const query = `resources_A=VCPU:1&resources_B=MEMORY_MB:1&required_ROOT=${SSE}&same_subtree=_ROOT,_A&group_policy=none`;
    const { requests } = await askCandidates(api, query, "1.36");
    expect(requests).toEqual([
      {
        allocations: { [host]: { resources: { VCPU: 1, MEMORY_MB: 1 } } },
        mappings: { _A: [host], _B: [host], _ROOT: [host] },
      },
    ]);
  });

  it("summarises the classes asked for below 1.27, then all", async () => {
    const cpu = { capacity: 13, used: 3 };
    const memory = { capacity: 1024, used: 0 };
    const early = await askCandidates(api, "resources=VCPU:1", "1.26");
    expect(early.summaries).toEqual({ [host]: { resources: { VCPU: cpu }, traits: [SSE] } });
    const later = await askCandidates(api, "resources=VCPU:1", "1.27");
    const resources = { VCPU: cpu, MEMORY_MB: memory };
    expect(later.summaries).toEqual({ [host]: { resources, traits: [SSE] } });
  });

  it("counts a class as asked for in whichever group it is", async () => {
    const query = "resources=VCPU:1&resources1=DISK_GB:1";
    const { summaries } = await askCandidates(api, query, "1.25");
    expect(summaries).toMatchObject({ [disk]: { resources: { DISK_GB: { capacity: 100 } } } });
  });

  it("has traits from 1.17", async () => {
    const { summaries } = await askCandidates(api, "resources=VCPU:1", "1.16");
    expect(summaries).toEqual({ [host]: { resources: { VCPU: { capacity: 13, used: 3 } } } });
  });

  it("summarises whole trees, with parents and roots, from 1.29", async () => {
    const early = await askCandidates(api, "resources=VGPU:1", "1.28");
    expect(Object.keys(early.summaries)).toEqual([device]);
    const { summaries } = await askCandidates(api, "resources=VGPU:1", "1.29");
    const tree = { [host]: null, [numa]: host, [device]: numa };
    expect(Object.keys(summaries).sort()).toEqual(Object.keys(tree).sort());
    for (const [uuid, parent] of Object.entries(tree)) {
      expect(summaries[uuid]).toMatchObject({
        parent_provider_uuid: parent,
        root_provider_uuid: host,
      });
    }
  });

  it("leaves out trees that give no resources, anchors among them", async () => {
    const { summaries } = await askCandidates(api, "resources=DISK_GB:1");
    expect(Object.keys(summaries)).toEqual([disk]);
  });

  it("carries cache headers from 1.15", async () => {
    const path = "/allocation_candidates?resources=VCPU:1";
    const early = await api.request("GET", path, { version: "1.14" });
    expect(early.headers["last-modified"]).toBeUndefined();
    const { headers } = await api.request("GET", path, { version: "1.15" });
    expect(headers["cache-control"]).toBe("no-cache");
    expect(Date.parse(headers["last-modified"] ?? "")).toBeGreaterThan(Date.now() - 60_000);
  });

  it("can be claimed as it is", async () => {
    const [request] = (await askCandidates(api, "resources=VCPU:2,DISK_GB:5")).requests;
    const body = {
      ...request,
      project_id: "project",
      user_id: "user",
      consumer_type: "INSTANCE",
      consumer_generation: null,
    };
    const answer = await api.request("PUT", `/allocations/${randomUUID()}`, { body });
    expect(answer.status).toBe(204);
  });
});

describe("the limit", () => {
  const api = useApi({ configuration: { maxCandidates: 4 } });
  beforeAll(async () => {
    for (let count = 0; count < 6; count += 1) await makeHost(api, { VCPU: 8 });
  });

  it("cuts the candidates and the summaries with them", async () => {
    const { requests, summaries } = await askCandidates(api, "resources=VCPU:1&limit=2");
    expect(requests).toHaveLength(2);
    expect(Object.keys(summaries)).toHaveLength(2);
  });

  it("is the first of several", async () => {
    const { requests } = await askCandidates(api, "resources=VCPU:1&limit=3&limit=1");
    expect(requests).toHaveLength(3);
  });

  it("is never above what the operator set", async () => {
    for (const query of ["resources=VCPU:1", "resources=VCPU:1&limit=5"]) {
      expect((await askCandidates(api, query)).requests).toHaveLength(4);
    }
  });
});
