/** Every kind of write, each right only if it is applied exactly once. */
import { randomUUID } from "node:crypto";
import type { Requester } from "./world.ts";
import { claimBody, type Held, OWNER } from "./world.ts";

export interface WriteStep {
  readonly what: string;
  readonly status: number;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `1.39`. */
  readonly version?: string;
}

/** Sends a step as it is, with more headers if need be. */
export function sendStep(
  { request }: Requester,
  { method, path, body, headers: own, version = "1.39" }: WriteStep,
  headers: Readonly<Record<string, string>> = {},
) {
  const given = { version, headers: { ...own, ...headers }, roles: "admin,service" };
  return request(method, path, { ...given, ...(body === undefined ? {} : { body }) });
}

/**
 * In this order, on a provider with 100 VCPU of which nothing is used, and of
 * which nothing is used afterwards.
 */
export function everyWrite(provider: string): WriteStep[] {
  const name = randomUUID();
  const custom = `CUSTOM_${name.replaceAll("-", "_").toUpperCase()}`;
  return [
    ...claims(provider),
    ...records(),
    ...leases(),
    ...providers(name, custom),
    ...reshaping(provider, custom),
    ...orphans(provider, custom),
  ];
}

function put(what: string, status: number, path: string, body?: unknown): WriteStep {
  return { what, status, method: "PUT", path, ...(body === undefined ? {} : { body }) };
}

function post(what: string, status: number, path: string, body: unknown): WriteStep {
  return { what, status, method: "POST", path, body };
}

function remove(what: string, status: number, path: string): WriteStep {
  return { what, status, method: "DELETE", path };
}

function claims(provider: string): WriteStep[] {
  const consumer = randomUUID();
  const other = randomUUID();
  const claim = (what: string, status: number, of: string, held: Held, generation: number | null) =>
    put(what, status, `/allocations/${of}`, claimBody(held, generation));
  const held = (amount: number) => ({ [provider]: { VCPU: amount } });
  const both = {
    [consumer]: claimBody(held(1), 2),
    [other]: claimBody(held(3), null),
  };
  const token = { consumer_generation: 1 };
  const queried = randomUUID();
  const query = {
    consumers: [{ uuid: queried, project_id: "p", user_id: "u" }],
    alternatives: [{ query: `resources=VCPU:4&in_tree=${provider}` }],
  };
  return [
    claim("a claim", 204, consumer, held(2), null),
    claim("the same claim again", 409, consumer, held(2), null),
    claim("a claim of too much", 409, other, held(999), null),
    claim("a replacement", 204, consumer, held(5), 1),
    claim("a stale replacement", 409, consumer, held(6), 1),
    post("two at once", 204, "/allocations", both),
    post("a fencing token", 200, `/consumers/${other}/generation`, token),
    post("a used token", 409, `/consumers/${other}/generation`, token),
    claim("an emptying", 204, other, {}, 2),
    claim("an emptying of nothing", 204, other, {}, null),
    remove("a release", 204, `/allocations/${consumer}`),
    remove("a second release", 404, `/allocations/${consumer}`),
    post("a claim by query", 201, "/claims", query),
    post("the same claim by query", 409, "/claims", query),
    remove("a release of what a query found", 204, `/allocations/${queried}`),
  ];
}

function records(): WriteStep[] {
  const record = randomUUID();
  const body = { uuid: record, project_id: "p", user_id: "u" };
  const owner = { project_id: "q", user_id: "u", consumer_generation: 0 };
  return [
    post("a record", 201, "/consumers", body),
    post("the same record", 409, "/consumers", body),
    put("a new owner", 200, `/consumers/${record}`, owner),
    remove("the end of a record", 204, `/consumers/${record}?generation=1`),
  ];
}

function leases(): WriteStep[] {
  const held = randomUUID();
  const body = { uuid: held, project_id: "p", user_id: "u" };
  const at = `/consumers/${held}/lease`;
  const renewal = { seconds: 3_600, lease_version: 1 };
  return [
    {
      ...post("a record with a lease", 201, "/consumers", body),
      headers: { "placement-lease": "600" },
    },
    put("a renewal", 200, at, renewal),
    put("a stale renewal", 409, at, renewal),
    remove("a confirmation", 204, at),
    remove("a second confirmation", 409, at),
    put("a renewal of no lease", 409, at, { seconds: 60 }),
    remove("the end of what was leased", 204, `/consumers/${held}?generation=0`),
  ];
}

function providers(name: string, custom: string): WriteStep[] {
  const made = randomUUID();
  const child = randomUUID();
  const at = `/resource_providers/${made}`;
  const inventories = (generation: number, totals: Record<string, number>) => ({
    resource_provider_generation: generation,
    inventories: Object.fromEntries(
      Object.entries(totals).map(([each, total]) => [each, { total }]),
    ),
  });
  const traits = (generation: number) => ({
    traits: [custom, "HW_CPU_X86_VMX"],
    resource_provider_generation: generation,
  });
  const aggregates = {
    aggregates: [randomUUID(), randomUUID()],
    resource_provider_generation: 7,
  };
  const disk = { resource_class: "DISK_GB", total: 1 };
  return [
    post("a provider", 200, "/resource_providers", { uuid: made, name }),
    post("the same provider", 409, "/resource_providers", { uuid: made, name }),
    post("a class of its own", 201, "/resource_classes", { name: `${custom}_0` }),
    post("the same class", 409, "/resource_classes", { name: `${custom}_0` }),
    remove("that class's end", 204, `/resource_classes/${custom}_0`),
    put("a class", 201, `/resource_classes/${custom}`),
    put("a class that is there", 204, `/resource_classes/${custom}`),
    put("inventories", 200, `${at}/inventories`, inventories(0, { VCPU: 4, [custom]: 1 })),
    put("stale inventories", 409, `${at}/inventories`, inventories(0, { VCPU: 4 })),
    remove("a class in use", 409, `/resource_classes/${custom}`),
    post("one more inventory", 201, `${at}/inventories`, disk),
    post("the same inventory", 409, `${at}/inventories`, disk),
    put("one inventory", 200, `${at}/inventories/DISK_GB`, {
      resource_provider_generation: 2,
      total: 9,
    }),
    remove("one inventory less", 204, `${at}/inventories/DISK_GB`),
    remove("no inventories", 204, `${at}/inventories`),
    {
      ...put("a class renamed", 200, `/resource_classes/${custom}`, { name: `${custom}_2` }),
      version: "1.6",
    },
    {
      ...put("a class renamed to itself", 200, `/resource_classes/${custom}_2`, {
        name: `${custom}_2`,
      }),
      version: "1.6",
    },
    remove("a class deleted", 204, `/resource_classes/${custom}_2`),
    put("a trait", 201, `/traits/${custom}`),
    put("a trait that is there", 204, `/traits/${custom}`),
    put("traits", 200, `${at}/traits`, traits(5)),
    put("the same traits", 200, `${at}/traits`, traits(6)),
    put("stale traits", 409, `${at}/traits`, traits(5)),
    remove("a trait in use", 409, `/traits/${custom}`),
    remove("no traits", 204, `${at}/traits`),
    remove("a trait deleted", 204, `/traits/${custom}`),
    put("aggregates", 200, `${at}/aggregates`, aggregates),
    put("stale aggregates", 409, `${at}/aggregates`, aggregates),
    post("a child", 200, "/resource_providers", {
      uuid: child,
      name: `${name}-child`,
      parent_provider_uuid: made,
    }),
    put("a rename", 200, at, { name: `${name}-2` }),
    put("no rename", 200, at, { name: `${name}-2` }),
    put("a move", 200, `/resource_providers/${child}`, {
      name: `${name}-child`,
      parent_provider_uuid: null,
    }),
    remove("a parent's end", 204, at),
    remove("a child's end", 204, `/resource_providers/${child}`),
  ];
}

/** Of a provider of its own, whose generation is known. */
function reshaping(provider: string, custom: string): WriteStep[] {
  const made = randomUUID();
  const holder = randomUUID();
  const at = `/resource_providers/${made}`;
  const inventories = (generation: number, total: number) => ({
    [made]: { resource_provider_generation: generation, inventories: { DISK_GB: { total } } },
  });
  const allocations = {
    [holder]: {
      allocations: {
        [made]: { resources: { DISK_GB: 2 } },
        [provider]: { resources: { VCPU: 1 } },
      },
      consumer_generation: null,
      ...OWNER,
    },
  };
  const reshape = { inventories: inventories(0, 8), allocations };
  return [
    post("another provider", 200, "/resource_providers", { uuid: made, name: `${custom}-moved` }),
    post("a reshape", 204, "/reshaper", reshape),
    post("the same reshape", 409, "/reshaper", reshape),
    remove("the end of what was reshaped", 204, `/allocations/${holder}`),
    remove("the end of its inventories", 204, `${at}/inventories`),
    remove("the end of its provider", 204, at),
  ];
}

/** A host of two providers whose owner is gone; one of its consumers holds something elsewhere. */
function orphans(provider: string, custom: string): WriteStep[] {
  const [host, child, only, other] = Array.from({ length: 4 }, () => randomUUID());
  const at = `/resource_providers/${host}`;
  const below = `/resource_providers/${child}`;
  const inventories = {
    resource_provider_generation: 0,
    inventories: { VCPU: { total: 4 }, [custom]: { total: 2 } },
  };
  const held = { [`${child}`]: { VCPU: 1 } };
  const more = { ...held, [provider]: { VCPU: 1 } };
  const named = { uuid: child, name: `${custom}-child`, parent_provider_uuid: host };
  return [
    post("a host", 200, "/resource_providers", { uuid: host, name: `${custom}-host` }),
    post("what is in it", 200, "/resource_providers", named),
    put("a class of its own again", 201, `/resource_classes/${custom}`),
    put("its inventories", 200, `${below}/inventories`, inventories),
    put("an orphan", 204, `/allocations/${only}`, claimBody(held, null)),
    put("half an orphan", 204, `/allocations/${other}`, claimBody(more, null)),
    remove("a tree in use", 409, `${at}?subtree=true`),
    remove("one consumer less", 200, `${below}/allocations?limit=1`),
    remove("no consumers", 200, `${below}/allocations`),
    remove("a parent alone", 409, at),
    remove("a whole tree", 204, `${at}?subtree=true`),
    remove("no tree", 404, `${at}?subtree=true`),
    remove("the rest of half an orphan", 404, `/allocations/${only}`),
    remove("the other half", 204, `/allocations/${other}`),
    remove("that class's end again", 204, `/resource_classes/${custom}`),
  ];
}
