/** Random moves, renames, creations and deletions of providers, by two servers concurrently. */
import { expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { chance } from "../support/chance.ts";
import { crowd } from "../support/crowd.ts";
import { useServers } from "../support/frame.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { brokenInvariants } from "../support/invariants.ts";
import type { Requester } from "../support/world.ts";

const servers = useServers(2);

const random = chance("storm of providers");
const UUIDS: readonly Uuid[] = Array.from({ length: 14 }, () => random.uuid());
const NAMES = Array.from({ length: 18 }, (_, index) => `name-${index}`);

const path = (uuid: Uuid) => `/resource_providers/${uuid}`;

async function make({ request }: Requester): Promise<HttpAnswer> {
  const [uuid, parent] = [random.pick(UUIDS), random.pick(UUIDS)];
  const nested = random.below(3) > 0 && uuid !== parent;
  const body = {
    name: random.pick(NAMES),
    uuid,
    ...(nested ? { parent_provider_uuid: parent } : {}),
  };
  return request("POST", "/resource_providers", { body });
}

async function change({ request }: Requester): Promise<HttpAnswer> {
  const uuid = random.pick(UUIDS);
  const shown = await request("GET", path(uuid));
  const moves = random.below(3) > 0;
  const parent = random.below(5) === 0 ? null : random.pick(UUIDS);
  const body = {
    name: moves && random.below(4) > 0 ? (shown.body.name ?? "gone") : random.pick(NAMES),
    ...(moves ? { parent_provider_uuid: parent } : {}),
  };
  return request("PUT", path(uuid), { body });
}

function remove({ request }: Requester): Promise<HttpAnswer> {
  return request("DELETE", path(random.pick(UUIDS)));
}

/** Lists are torn by no change: every provider in them is whole. */
async function list({ request }: Requester): Promise<HttpAnswer> {
  const filter = random.pick(["", `?in_tree=${random.pick(UUIDS)}`]);
  const answer = await request("GET", `/resource_providers${filter}`);
  const roots = answer.body.resource_providers.map((each: Record<string, unknown>) => [
    each["root_provider_uuid"] === each["uuid"],
    each["parent_provider_uuid"] === null,
  ]);
  for (const [isRoot, hasNoParent] of roots) expect(isRoot).toBe(hasNoParent);
  return answer;
}

const ACTIONS = { make, change, alsoChange: change, changeMore: change, remove, list };

test("a storm of changes leaves every tree whole and every name held once", async () => {
  const seen = new Map<string, number>();
  for (let round = 1; round <= 6; round += 1) {
    await crowd({ width: 12, count: 150 }, async (index) => {
      const name = random.pick(Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]);
      const answer = await ACTIONS[name](servers.of(index));
      const told = `${name}: ${JSON.stringify(answer.body)}`;
      expect([200, 204, 400, 404, 409], told).toContain(answer.status);
      const outcome = `${name} ${answer.status}`;
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    });
    expect(brokenInvariants(await servers.items())).toEqual([]);
  }
  for (const outcome of ["make 200", "change 200", "change 400", "remove 204", "remove 409"]) {
    expect(seen.get(outcome), outcome).toBeGreaterThan(0);
  }
}, 120_000);
