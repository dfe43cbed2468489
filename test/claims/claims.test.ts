/** Claims by query: the search and the claim in one request. */
import { randomUUID } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import { createClaims } from "../../functions/claims/create.ts";
import { askCandidates, makeHost, SHARES } from "../support/candidates.ts";
import { consumerRequests } from "../support/consumer-requests.ts";
import { invokeOf } from "../support/direct.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import {
  claimByQuery,
  claimedIn,
  newConsumer,
  newConsumers,
  queryBody,
} from "../support/query-claims.ts";
import {
  claim,
  claimBody,
  makeProvider,
  OWNER,
  readClaim,
  readProvider,
  readUsages,
  release,
} from "../support/world.ts";

const api = useApi();
const records = consumerRequests(() => api);
const none = {
  status: 409,
  code: "placement.claim.no_candidates",
  message: "No alternative has an allocation candidate for each consumer. Nothing was written.",
};

/** Hosts that only queries with this trait find. */
async function fleet(count: number, totals: Readonly<Record<string, number>> = { VCPU: 4 }) {
  const trait = `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}`;
  const hosts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    hosts.push(await makeHost(api, totals, { traits: [trait] }));
  }
  return { hosts, trait, query: `resources=VCPU:1&required=${trait}` };
}

describe("a claim of a new consumer", () => {
  it("takes a candidate of the query, and says which", async () => {
    const { hosts, query } = await fleet(1);
    const { uuid, ...owner } = newConsumer();
    const before = await readProvider(api, hosts[0] ?? "");
    const answer = await claimByQuery(api, [query], { consumers: [{ uuid, ...owner }] });
    const { consumers, ...told } = claimedIn(answer);
    expect(told).toEqual({ alternative: 0, tries: 1, held: [{ [hosts[0] ?? ""]: { VCPU: 1 } }] });
    const shown = (await records.show(uuid)).body;
    expect(shown).toMatchObject({ ...owner, consumer_generation: 1 });
    expect(consumers).toEqual([
      {
        uuid,
        consumer_generation: 1,
        life: shown.life,
        allocations: { [hosts[0] ?? ""]: { resources: { VCPU: 1 } } },
        mappings: { "": hosts },
      },
    ]);
    expect(await readClaim(api, uuid)).toEqual({ held: told.held[0], generation: 1 });
    const after = await readProvider(api, hosts[0] ?? "");
    expect(after.generation).toBe(before.generation + 1);
  });

  it("needs no uuid: it is given one", async () => {
    const { query } = await fleet(1);
    const { uuid: _, ...owner } = newConsumer();
    const { consumers, held } = claimedIn(
      await claimByQuery(api, [query], { consumers: [owner, owner] }),
    );
    expect(new Set(consumers.map(({ uuid }) => uuid)).size).toBe(2);
    for (const [index, { uuid }] of consumers.entries()) {
      expect((await readClaim(api, uuid))?.held).toEqual(held[index]);
    }
  });

  it("takes just what the candidates of the query show, with groups and sharing providers", async () => {
    const aggregate = randomUUID();
    const { trait } = await fleet(0);
    const host = await makeHost(api, { VCPU: 8 }, { aggregates: [aggregate] });
    const nic = await makeHost(api, { SRIOV_NET_VF: 2 }, { parent: host });
    const disk = await makeHost(
      api,
      { DISK_GB: 10 },
      { traits: [SHARES, trait], aggregates: [aggregate] },
    );
    const query = `resources=VCPU:2&resources_NET=SRIOV_NET_VF:1&resources_DISK=DISK_GB:5&required_DISK=${trait}&group_policy=none`;
    const { requests } = await askCandidates(api, query);
    const { consumers } = claimedIn(await claimByQuery(api, [query]));
    const [{ allocations, mappings } = {}] = consumers;
    expect([{ allocations, mappings }]).toEqual(requests);
    expect(mappings).toEqual({ "": [host], _NET: [nic], _DISK: [disk] });
  });

  it("reads a query by parameters, with lists for repeated ones, as its text", async () => {
    const { hosts, trait } = await fleet(2);
    const given = {
      resources: "VCPU:1",
      required: [trait, "!HW_CPU_X86_VMX"],
      in_tree: hosts[1] ?? "",
    };
    const { held } = claimedIn(await claimByQuery(api, [given]));
    expect(held).toEqual([{ [hosts[1] ?? ""]: { VCPU: 1 } }]);
    const forbidden = { ...given, required: [trait, `!${trait}`] };
    expectRefusal(await claimByQuery(api, [forbidden]), {
      status: 400,
      code: "placement.undefined_code",
      message: `Conflicting required and forbidden traits found in the following traits keys: required: (${trait})`,
    });
  });

  it("sees a change that was acknowledged before", async () => {
    const { hosts, query, trait } = await fleet(2);
    claimedIn(await claimByQuery(api, [query]));
    const [gone = "", left = ""] = hosts;
    const { generation } = await readProvider(api, gone);
    const body = { resource_provider_generation: generation, traits: [] };
    const path = `/resource_providers/${gone}/traits`;
    expect((await api.request("PUT", path, { body })).status).toBe(200);
    for (let times = 0; times < 3; times += 1) {
      const { held } = claimedIn(await claimByQuery(api, [`resources=VCPU:1&required=${trait}`]));
      expect(Object.keys(held[0] ?? {})).toEqual([left]);
    }
  });

  it("is served at every microversion, and its query is read as 1.39", async () => {
    const { hosts, trait } = await fleet(1);
    const query = `resources=VCPU:1&required=in:${trait},HW_CPU_X86_VMX`;
    for (const version of ["1.0", "1.9", "1.38", null]) {
      const { held } = claimedIn(await claimByQuery(api, [query], {}, { version }));
      expect(held).toEqual([{ [hosts[0] ?? ""]: { VCPU: 1 } }]);
    }
  });

  it("spreads over the hosts: the place to begin is drawn from its uuid", async () => {
    const { hosts, query } = await fleet(8, { VCPU: 100 });
    const taken = new Set<string>();
    for (let index = 0; index < 120; index += 1) {
      const uuid = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
      const { held } = claimedIn(
        await claimByQuery(api, [query], { consumers: [newConsumer(uuid)] }),
      );
      for (const host of Object.keys(held[0] ?? {})) taken.add(host);
      await release(api, uuid);
    }
    expect([...taken].sort()).toEqual(hosts.toSorted());
  });

  it("begins with the same host for the same uuid", async () => {
    const { query } = await fleet(8);
    const consumer = newConsumer();
    const held = async () => {
      const claimed = claimedIn(await claimByQuery(api, [query], { consumers: [consumer] }));
      await release(api, consumer.uuid);
      return claimed.held;
    };
    expect(await held()).toEqual(await held());
  });

  it("heeds min_unit, max_unit and step_size", async () => {
    const trait = (await fleet(0)).trait;
    const host = await makeHost(
      api,
      { VCPU: { total: 100, min_unit: 4, max_unit: 12, step_size: 4 } },
      { traits: [trait] },
    );
    const asking = (amount: number) =>
      claimByQuery(api, [`resources=VCPU:${amount}&required=${trait}`]);
    for (const amount of [2, 6, 16]) expectRefusal(await asking(amount), none);
    expect(claimedIn(await asking(8))).toMatchObject({ tries: 1, held: [{ [host]: { VCPU: 8 } }] });
  });
});

describe("alternatives", () => {
  it("are taken in order", async () => {
    const [scarce, plenty] = [await fleet(1, { VCPU: 1 }), await fleet(1)];
    const queries = [scarce.query, plenty.query];
    const asked = async () => claimedIn(await claimByQuery(api, queries)).alternative;
    expect([await asked(), await asked(), await asked()]).toEqual([0, 1, 1]);
    expect(await readUsages(api, scarce.hosts[0] ?? "")).toEqual({ VCPU: 1 });
  });

  it("are one for all consumers of a request", async () => {
    const [scarce, plenty] = [await fleet(1, { VCPU: 2 }), await fleet(2, { VCPU: 2 })];
    const consumers = newConsumers(3);
    const { alternative, held } = claimedIn(
      await claimByQuery(api, [scarce.query, plenty.query], { consumers }),
    );
    expect(alternative).toBe(1);
    expect(held.every((each) => plenty.hosts.includes(Object.keys(each)[0] ?? ""))).toBe(true);
    expect(await readUsages(api, scarce.hosts[0] ?? "")).toEqual({ VCPU: 0 });
  });
});

describe("several consumers", () => {
  it("have a candidate of their own each, and count what the others take", async () => {
    const { hosts, query } = await fleet(4, { VCPU: 1 });
    const { held } = claimedIn(await claimByQuery(api, [query], { consumers: newConsumers(4) }));
    expect(held.flatMap((each) => Object.keys(each)).sort()).toEqual(hosts.toSorted());
  });

  it("may share a host as far as it has room; max_unit is of each", async () => {
    const trait = (await fleet(0)).trait;
    const host = await makeHost(api, { VCPU: { total: 6, max_unit: 2 } }, { traits: [trait] });
    const query = `resources=VCPU:2&required=${trait}`;
    const asking = (count: number) =>
      claimByQuery(api, [query], { consumers: newConsumers(count) });
    expectRefusal(await asking(4), none);
    claimedIn(await asking(3));
    expect(await readUsages(api, host)).toEqual({ VCPU: 6 });
  });

  it("are claimed all or none", async () => {
    const { hosts, query } = await fleet(3, { VCPU: 1 });
    const consumers = newConsumers(4);
    expectRefusal(await claimByQuery(api, [query], { consumers }), none);
    for (const host of hosts) expect(await readUsages(api, host)).toEqual({ VCPU: 0 });
    for (const { uuid } of consumers) expect(await readClaim(api, uuid)).toBeUndefined();
  });

  it("are claimed by a large change where one transaction does not hold them", async () => {
    const { hosts, trait } = await fleet(16, { VCPU: 1, MEMORY_MB: 1, DISK_GB: 1 });
    for (const host of hosts) {
      for (let child = 0; child < 2; child += 1) {
        await makeHost(api, { SRIOV_NET_VF: 1 }, { parent: host });
      }
    }
    const devices = [1, 2].map((n) => `resources${n}=SRIOV_NET_VF:1`).join("&");
    const query = `resources=VCPU:1,MEMORY_MB:1,DISK_GB:1&required=${trait}&${devices}&group_policy=isolate`;
    const consumers = newConsumers(16);
    const { held } = claimedIn(await claimByQuery(api, [query], { consumers }));
    expect(held.map((each) => Object.keys(each).length)).toEqual(Array(16).fill(3));
    for (const [index, { uuid }] of consumers.entries()) {
      expect((await readClaim(api, uuid))?.held).toEqual(held[index]);
    }
    expectRefusal(await claimByQuery(api, [query]), none);
  });
});

describe("the generation", () => {
  it("null, or none, is of a new consumer", async () => {
    const { query } = await fleet(1);
    const uuid = await records.made();
    for (const consumer of [
      newConsumer(uuid),
      { ...newConsumer(uuid), consumer_generation: null },
    ]) {
      expectRefusal(await claimByQuery(api, [query], { consumers: [consumer] }), {
        status: 409,
        code: "placement.concurrent_update",
        message: "consumer generation conflict - expected 0 but got None",
      });
    }
  });

  it("of an idle consumer is compared, and kept are its life and its type", async () => {
    const { query } = await fleet(1);
    const uuid = await records.made({ consumer_type: "MIGRATION" });
    const { life } = (await records.show(uuid)).body;
    const { consumer_type: _, ...owner } = OWNER;
    const asking = (consumer_generation: number) =>
      claimByQuery(api, [query], { consumers: [{ uuid, ...owner, consumer_generation }] });
    expectRefusal(await asking(1), {
      status: 409,
      code: "placement.concurrent_update",
      message: "consumer generation conflict - expected 0 but got 1",
    });
    const { consumers } = claimedIn(await asking(0));
    expect(consumers).toMatchObject([{ uuid, consumer_generation: 1, life }]);
    expect((await records.show(uuid)).body).toMatchObject({ ...owner, consumer_type: "MIGRATION" });
  });

  it("of a consumer that does not exist is refused", async () => {
    const { query } = await fleet(1);
    const consumers = [{ ...newConsumer(), consumer_generation: 3 }];
    expectRefusal(await claimByQuery(api, [query], { consumers }), {
      status: 409,
      code: "placement.concurrent_update",
      message: "consumer generation conflict - expected null but got 3",
    });
  });

  it("of a consumer that holds something is refused, with all others of the request", async () => {
    const { hosts, query } = await fleet(1);
    const holder = randomUUID();
    expect((await claim(api, holder, { [hosts[0] ?? ""]: { VCPU: 1 } })).status).toBe(204);
    const other = newConsumer();
    const consumers = [other, { ...newConsumer(holder), consumer_generation: 1 }];
    expectRefusal(await claimByQuery(api, [query], { consumers }), {
      status: 409,
      code: "placement.claim.consumer_in_use",
      message: `Consumer ${holder} holds allocations. A claim by query takes a consumer that holds nothing.`,
    });
    expect(await readClaim(api, other.uuid)).toBeUndefined();
  });

  it("is reported before the lack of candidates", async () => {
    const { hosts, query } = await fleet(1, { VCPU: 1 });
    const holder = newConsumer();
    expect((await claim(api, holder.uuid, { [hosts[0] ?? ""]: { VCPU: 1 } })).status).toBe(204);
    expectRefusal(await claimByQuery(api, [query], { consumers: [holder] }), {
      status: 409,
      code: "placement.concurrent_update",
      message: "consumer generation conflict - expected 1 but got None",
    });
  });
});

describe("without a candidate", () => {
  it("the answer is 409 and nothing is written", async () => {
    const before = await api.items();
    expectRefusal(await claimByQuery(api, ["resources=VCPU:1000000"]), none);
    expect(await api.items()).toEqual(before);
  });

  it("`explain` adds what candidates explain, for each alternative", async () => {
    const queries = ["resources=VCPU:1000000", "resources=DISK_GB:1000000&required=HW_CPU_X86_VMX"];
    const { body } = await claimByQuery(api, queries, { explain: true });
    const expected: unknown[] = [];
    for (const query of queries) {
      expected.push((await askCandidates(api, `${query}&explain=true`)).body.explanation);
    }
    expect(body.errors[0].explanations).toEqual(expected);
    const plain = await claimByQuery(api, queries, { explain: false });
    expect(plain.body.errors[0]).not.toHaveProperty("explanations");
  });

  it("it is explained with what the consumers before would take", async () => {
    await makeProvider(api, { PCI_DEVICE: 1 });
    const asked = { consumers: newConsumers(2), explain: true };
    const { body } = await claimByQuery(api, ["resources=PCI_DEVICE:1"], asked);
    const [explained] = body.errors[0].explanations;
    expect(explained.groups[""].removed_by).toBe("resources=PCI_DEVICE:1, capacity");
  });
});

test("it works by direct invocation", async () => {
  const { hosts, query } = await fleet(1);
  const event = { version: "1.0", caller: "scheduler", body: queryBody([query]) };
  const { payload } = await invokeOf(api, createClaims)(JSON.stringify(event));
  const answer = JSON.parse(payload);
  expect(answer).toMatchObject({ status: 201, body: { alternative: 0 } });
  const [{ uuid }] = answer.body.consumers;
  expect((await readClaim(api, uuid))?.held).toEqual({ [hosts[0] ?? ""]: { VCPU: 1 } });
});

test("what it claims is released and replaced as any claim", async () => {
  const { hosts, query } = await fleet(1);
  const consumer = newConsumer();
  claimedIn(await claimByQuery(api, [query], { consumers: [consumer] }));
  const path = `/allocations/${consumer.uuid}`;
  const body = claimBody({ [hosts[0] ?? ""]: { VCPU: 2 } }, 1);
  expect((await api.request("PUT", path, { body })).status).toBe(204);
  expect((await release(api, consumer.uuid)).status).toBe(204);
  expect(await readUsages(api, hosts[0] ?? "")).toEqual({ VCPU: 0 });
});

test("a provider outside the query is not touched", async () => {
  const other = await makeProvider(api, { VCPU: 4 });
  const { query } = await fleet(2);
  claimedIn(await claimByQuery(api, [query], { consumers: newConsumers(3) }));
  expect(await readUsages(api, other)).toEqual({ VCPU: 0 });
});
