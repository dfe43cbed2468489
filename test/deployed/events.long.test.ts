/** Events in a deployment: from a claim through the table's stream to its followers and to the bus. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { until } from "../support/until.ts";
import { useDeployment } from "./frame.ts";

const played = useDeployment();
const LONG = 120_000;

test(
  "a claim is told to followers and on the bus, in its order, by roles that may do just that",
  async () => {
    const send = await played.admin("iam");
    const [provider, consumer] = [randomUUID(), randomUUID()];
    await send("POST", "/resource_providers", { body: { name: provider, uuid: provider } });
    const inventories = { VCPU: { total: 8 } };
    const body = { resource_provider_generation: 0, inventories };
    await send("PUT", `/resource_providers/${provider}/inventories`, { body });
    const claim = {
      allocations: { [provider]: { resources: { VCPU: 2 } } },
      consumer_generation: null,
      project_id: "p",
      user_id: "u",
      consumer_type: "INSTANCE",
    };
    expect((await send("PUT", `/allocations/${consumer}`, { body: claim })).status).toBe(204);
    expect((await send("DELETE", `/allocations/${consumer}`)).status).toBe(204);
    const names = ["placement.allocation.create", "placement.allocation.delete"];
    const events = await until(
      "both are in the feed",
      async () => {
        const answer = await send("GET", `/events?subject=${consumer}&wait=5`);
        expect(answer.status).toBe(200);
        return answer.body.events.length === 2 ? answer.body.events : undefined;
      },
      LONG,
    );
    expect(events.map(({ event }: { event: string }) => event)).toEqual(names);
    const told = await until(
      "both are on the bus",
      () => {
        const own = played.deployment.bus.filter(({ Detail }) => Detail.includes(consumer));
        return own.length >= 2 ? own : undefined;
      },
      LONG,
    );
    expect(told.map(({ DetailType }) => DetailType)).toEqual(names);
    expect(told.map(({ Detail }) => JSON.parse(Detail))).toEqual(events);
    expect(played.refused).toEqual([]);
  },
  2 * LONG,
);
