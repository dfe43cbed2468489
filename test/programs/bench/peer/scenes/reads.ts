/** Candidates, lists, and what one provider or project shows. */
import { type Asked, reading, type Scene } from "../scene.ts";
import { anyHost, CLAIMED, PROJECT, SOME_TRAIT, type Tree } from "../world.ts";

const resources = (amounts: Readonly<Record<string, number>>) =>
  Object.entries(amounts)
    .map(([name, amount]) => `${name}:${amount}`)
    .join(",");

const ASKED = `resources=${resources(CLAIMED)}`;
const candidates = (query: string) => `/allocation_candidates?${query}`;
const NESTED =
  "resources=DISK_GB:1&resources_NUMA=VCPU:1,MEMORY_MB:256&required_NUMA=HW_NUMA_ROOT&group_policy=none";
const GZIP = { "accept-encoding": "gzip" };

const CANDIDATES: readonly Scene[] = [
  reading("candidates", "GET candidates, limit=100", () => candidates(`${ASKED}&limit=100`), {
    kind: "candidates",
  }),
  reading(
    "candidates-gzip",
    "GET candidates, limit=100, Accept-Encoding: gzip",
    () => candidates(`${ASKED}&limit=100`),
    { headers: GZIP },
  ),
  reading(
    "candidates-aggregate",
    "GET candidates, limit=100, member_of a rack",
    ({ racks }, chance) => candidates(`${ASKED}&limit=100&member_of=${chance.pick(racks)}`),
  ),
  reading("candidates-required", "GET candidates, limit=100, required", () =>
    candidates(`${ASKED}&limit=100&required=${SOME_TRAIT}`),
  ),
  reading("candidates-nested", "GET candidates, limit=100, a nested group", () =>
    candidates(`${NESTED}&limit=100`),
  ),
  reading("candidates-all", "GET candidates, without limit", () => candidates(ASKED), {
    slow: true,
  }),
  reading(
    "candidates-all-gzip",
    "GET candidates, without limit, Accept-Encoding: gzip",
    () => candidates(ASKED),
    { slow: true, headers: GZIP },
  ),
];

const list = (name: string, what: string, path: Asked) =>
  reading(name, `GET resource_providers, ${what}`, (world, chance) => {
    const query = path(world, chance);
    return `/resource_providers${query === "" ? "" : `?${query}`}`;
  });

const LISTS: readonly Scene[] = [
  list("list-all", "all", () => ""),
  list(
    "list-aggregate",
    "member_of a rack",
    ({ racks }, chance) => `member_of=${chance.pick(racks)}`,
  ),
  list("list-required", "required", () => `required=${SOME_TRAIT}`),
  list(
    "list-tree",
    "in_tree",
    ({ trees }, chance) => `in_tree=${(chance.pick(trees) as Tree).root}`,
  ),
  list("list-name", "name", (world, chance) => `name=${anyHost(world, chance).name}`),
  list("list-uuid", "uuid", (world, chance) => `uuid=${anyHost(world, chance).uuid}`),
  list("list-resources", "resources", () => ASKED),
];

const ofHost = (name: string, what: string) =>
  reading(
    name,
    `GET ${what === "" ? "a provider" : `${what.slice(1)} of a provider`}`,
    (world, chance) => `/resource_providers/${anyHost(world, chance).uuid}${what}`,
  );

const SHOWN: readonly Scene[] = [
  ofHost("provider", ""),
  ofHost("inventories", "/inventories"),
  reading(
    "inventory",
    "GET one inventory",
    (world, chance) => `/resource_providers/${anyHost(world, chance).uuid}/inventories/VCPU`,
  ),
  ofHost("traits", "/traits"),
  ofHost("aggregates", "/aggregates"),
  ofHost("usages", "/usages"),
  ofHost("holders", "/allocations"),
  reading(
    "project-usages",
    "GET usages of a project with many consumers",
    () => `/usages?project_id=${PROJECT}`,
  ),
  reading("trait-list", "GET traits", () => "/traits"),
  reading("trait", "GET a trait", () => `/traits/${SOME_TRAIT}`, { expected: 204 }),
  reading("class-list", "GET resource_classes", () => "/resource_classes"),
  reading("class", "GET a resource class", () => "/resource_classes/VCPU"),
  reading("versions", "GET the versions", () => "/"),
];

export const READS: readonly Scene[] = [...CANDIDATES, ...LISTS, ...SHOWN];
