/** Callers that race for the last places: each place is taken, and nobody is refused while one is left. */
import { describe, expect, it } from "vitest";
import { useServers } from "../support/frame.ts";
import { claimByQuery, claimedIn, newConsumer, newConsumers } from "../support/query-claims.ts";
import { REPEATS } from "../support/repeats.ts";
import { all, makeProvider, readClaim, readUsages, statuses } from "../support/world.ts";

const CALLERS = 64;
const PLACES = 32;

describe.each(REPEATS)("with writes recognised by %s", (repeats) => {
  const servers = useServers(2, { repeats });
  const server = (index: number) => servers.of(index);

  async function used(hosts: readonly string[], name: string): Promise<number> {
    const usages = await Promise.all(hosts.map((host) => readUsages(servers.first, host)));
    return usages.reduce((sum, each) => sum + (each[name] ?? 0), 0);
  }

  it.each([
    ["one host", "VCPU", 1],
    ["32 hosts", "MEMORY_MB", 32],
    ["5 hosts", "DISK_GB", 5],
  ] as const)("64 callers for the last 32 places of %s: 32 win", async (_, name, count) => {
    const hosts: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const total = Math.floor((PLACES + index) / count);
      hosts.push(await makeProvider(servers.first, { [name]: total }));
    }
    const asked = Array.from({ length: CALLERS }, () => newConsumer());
    const answers = await all(CALLERS, (index) =>
      claimByQuery(server(index), [`resources=${name}:1`], {
        consumers: asked.slice(index, index + 1),
      }),
    );
    expect(statuses(answers)).toEqual({ 201: PLACES, 409: CALLERS - PLACES });
    for (const { status, body } of answers) {
      if (status === 409) expect(body.errors[0].code).toBe("placement.claim.no_candidates");
    }
    expect(await used(hosts, name)).toBe(PLACES);
    for (const [index, answer] of answers.entries()) {
      const held = (await readClaim(servers.first, asked[index]?.uuid ?? ""))?.held;
      expect(held).toEqual(answer.status === 201 ? claimedIn(answer).held[0] : undefined);
    }
  });

  it("pairs race for the last places all or none", async () => {
    const hosts: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      hosts.push(await makeProvider(servers.first, { SRIOV_NET_VF: 1 }));
    }
    const answers = await all(8, (index) =>
      claimByQuery(server(index), ["resources=SRIOV_NET_VF:1"], { consumers: newConsumers(2) }),
    );
    expect(statuses(answers)).toEqual({ 201: 3, 409: 5 });
    expect(await used(hosts, "SRIOV_NET_VF")).toBe(6);
  });

  it("of callers for one consumer just one wins", async () => {
    const host = await makeProvider(servers.first, { PCI_DEVICE: 10 });
    const consumers = [newConsumer()];
    const answers = await all(8, (index) =>
      claimByQuery(server(index), ["resources=PCI_DEVICE:1"], { consumers }),
    );
    expect(statuses(answers)).toEqual({ 201: 1, 409: 7 });
    expect(await readUsages(servers.first, host)).toEqual({ PCI_DEVICE: 1 });
  });
});
