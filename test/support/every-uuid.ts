/** Every operation that takes a UUID, in one story that leaves nothing behind. */
import { operations } from "../../functions/index.ts";
import { methodOf, pathOf } from "../../lib/api/operation.ts";
import type { Api } from "./api.ts";
import { invokeOf } from "./direct.ts";
import { dashed, type Spell } from "./spellings.ts";
import { claimBody } from "./world.ts";

export interface Step {
  /** As the list of operations has it. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly version?: string;
}

export interface StepAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly location: string | undefined;
}

export type Send = (step: Step) => Promise<StepAnswer>;

const ROLES = "admin,service";

export const overHttp =
  ({ request, url }: Api): Send =>
  async ({ route, params = {}, query, body, version = "1.39" }) => {
    const [method = "", template = ""] = route.split(" ");
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name) =>
      encodeURIComponent(params[name] ?? ""),
    );
    const target = query === undefined ? path : `${path}?${new URLSearchParams(query)}`;
    const given = { version, roles: ROLES, ...(body === undefined ? {} : { body }) };
    const answer = await request(method, target, given);
    const { location } = answer.headers;
    return shown(answer.status, answer.body, location?.slice(url.length));
  };

export const directly =
  (api: Api): Send =>
  async ({ route, params, query, body, version = "1.39" }) => {
    const operation = operations.find((each) => `${methodOf(each)} ${pathOf(each)}` === route);
    if (operation === undefined) throw new Error(`no operation ${route}`);
    const event = { version, parameters: { ...params, ...query }, body };
    const { payload } = await invokeOf(api, operation)(JSON.stringify(event));
    const answer = JSON.parse(payload);
    return shown(answer.status, answer.body ?? "", answer.headers.location);
  };

const TIMES = ["created_at", "updated_at", "expires_at", "time", "complete_since"];
const OF_EVENTS = ["id", "change_id", "next_marker"];

/** Without what differs from one incarnation to the next. */
function shown(status: number, body: unknown, location: string | undefined): StepAnswer {
  const text = JSON.stringify(body, (name, value) =>
    [...TIMES, ...OF_EVENTS, "life", "request_id"].includes(name) ? undefined : value,
  );
  return { status, body: sorted(JSON.parse(text)), location };
}

/** The order of lists is another matter. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, sorted(each)]);
  if (!Array.isArray(value)) return Object.fromEntries(entries);
  const texts = entries.map(([, each]) => JSON.stringify(each)).sort();
  return texts.map((text) => JSON.parse(text));
}

const HOST = "abcdefab-cdef-4bcd-8fab-cdefabcdef01";
const CHILD = "abcdefab-cdef-4bcd-8fab-cdefabcdef02";
const SERVER = "fedcbafe-dcba-4fed-8baf-fedcbafedc01";
const OTHER = "fedcbafe-dcba-4fed-8baf-fedcbafedc02";
const AGGREGATE = "cafecafe-cafe-4afe-8afe-cafecafecafe";

const OWNER = { project_id: "spelt", user_id: "user", consumer_type: "INSTANCE" };

export function everyUuid(spell: Spell): Step[] {
  const key = dashed(spell);
  const host = { uuid: spell(HOST) };
  const child = { uuid: spell(CHILD) };
  const vcpu = { params: { ...host, resource_class: "VCPU" } };
  const get = (what: string, more: Partial<Step> = {}): Step => ({
    route: `GET /resource_providers/{uuid}${what}`,
    params: host,
    ...more,
  });
  const list = (query: Readonly<Record<string, string>>): Step => ({
    route: "GET /resource_providers",
    query,
  });
  const ask = (query: Readonly<Record<string, string>>): Step => ({
    route: "GET /allocation_candidates",
    query: { resources: "VCPU:1", ...query },
  });
  return [
    { route: "POST /resource_providers", body: { name: "spelt", ...host } },
    { route: "POST /resource_providers", body: { name: "again", ...host } },
    {
      route: "POST /resource_providers",
      body: { name: "spelt-child", ...child, parent_provider_uuid: spell(HOST) },
    },
    get(""),
    list({ uuid: key(HOST) }),
    list({ uuid: `in:${key(HOST)},${key(CHILD)}`, include: "inventories,allocations" }),
    list({ in_tree: key(CHILD) }),
    {
      route: "PUT /resource_providers/{uuid}",
      params: child,
      body: { name: "spelt-child", parent_provider_uuid: null },
    },
    {
      route: "PUT /resource_providers/{uuid}",
      params: child,
      body: { name: "spelt-2", parent_provider_uuid: spell(HOST) },
    },
    {
      route: "POST /resource_providers/{uuid}/inventories",
      params: host,
      body: { resource_class: "VCPU", total: 8 },
    },
    {
      route: "PUT /resource_providers/{uuid}/inventories/{resource_class}",
      ...vcpu,
      body: { resource_provider_generation: 1, total: 9 },
    },
    get("/inventories/{resource_class}", vcpu),
    { route: "DELETE /resource_providers/{uuid}/inventories/{resource_class}", ...vcpu },
    {
      route: "PUT /resource_providers/{uuid}/inventories",
      params: host,
      body: { resource_provider_generation: 3, inventories: { VCPU: { total: 10 } } },
    },
    get("/inventories"),
    {
      route: "PUT /resource_providers/{uuid}/traits",
      params: host,
      body: { resource_provider_generation: 4, traits: ["HW_CPU_X86_AVX"] },
    },
    get("/traits"),
    {
      route: "PUT /resource_providers/{uuid}/aggregates",
      params: host,
      body: { resource_provider_generation: 5, aggregates: [AGGREGATE] },
    },
    get("/aggregates"),
    list({ member_of: spell(AGGREGATE) }),
    list({ member_of: `!${spell(AGGREGATE)}`, in_tree: key(HOST) }),
    list({ member_of: `in:${spell(CHILD)},${spell(AGGREGATE)}` }),
    ...claims(spell),
    ask({ in_tree: spell(HOST) }),
    {
      route: "POST /allocation_candidates",
      body: { query: `resources=VCPU:1&in_tree=${encodeURIComponent(spell(HOST))}` },
    },
    ask({ member_of: spell(AGGREGATE) }),
    ask({ member_of: `!${spell(AGGREGATE)}` }),
    ask({ member_of: `!in:${spell(AGGREGATE)}` }),
    {
      route: "GET /allocation_candidates",
      query: { resources1: "VCPU:1", in_tree1: spell(CHILD), member_of1: spell(AGGREGATE) },
    },
    ...records(spell),
    { route: "DELETE /resource_providers/{uuid}/traits", params: host },
    { route: "DELETE /resource_providers/{uuid}/inventories", params: host },
    { route: "DELETE /resource_providers/{uuid}", params: child },
    { route: "DELETE /resource_providers/{uuid}", params: host },
    get(""),
  ];
}

function claims(spell: Spell): Step[] {
  const key = dashed(spell);
  const params = { consumer_uuid: spell(SERVER) };
  const put = "PUT /allocations/{consumer_uuid}";
  const held = (amount: number, of = HOST) => ({ [key(of)]: { VCPU: amount } });
  const show: Step = { route: "GET /allocations/{consumer_uuid}", params };
  const listed = { resource_provider: { uuid: spell(HOST) }, resources: { VCPU: 1 } };
  return [
    { route: put, params, version: "1.0", body: { allocations: [listed] } },
    { route: put, params, body: { ...claimBody(held(2), 1), mappings: { "": [spell(HOST)] } } },
    show,
    {
      route: "POST /allocations",
      body: { [key(SERVER)]: claimBody(held(3), null), [key(OTHER)]: claimBody(held(1), null) },
    },
    {
      route: "POST /allocations",
      body: { [key(SERVER)]: claimBody(held(3), 2), [key(OTHER)]: claimBody(held(1), null) },
    },
    show,
    {
      route: "GET /resource_providers/{uuid}/allocations",
      params: { uuid: spell(HOST) },
    },
    {
      route: "GET /allocations",
      query: { consumer_uuid: `in:${spell(SERVER)},${spell(OTHER)}` },
    },
    { route: "GET /allocations", query: { consumer_uuid: spell(SERVER) } },
    { route: "GET /resource_providers/{uuid}/usages", params: { uuid: spell(HOST) } },
    {
      route: "POST /reshaper",
      body: {
        inventories: {
          [key(CHILD)]: { resource_provider_generation: 0, inventories: { VCPU: { total: 4 } } },
        },
        allocations: { [key(OTHER)]: claimBody(held(1, CHILD), 1) },
      },
    },
    { route: "DELETE /allocations/{consumer_uuid}", params },
    { route: "DELETE /allocations/{consumer_uuid}", params: { consumer_uuid: spell(OTHER) } },
    { route: "DELETE /allocations/{consumer_uuid}", params },
    show,
  ];
}

function records(spell: Spell): Step[] {
  const params = { consumer_uuid: spell(SERVER) };
  const raise = "POST /consumers/{consumer_uuid}/generation";
  const byQuery = {
    route: "POST /claims",
    body: {
      consumers: [{ uuid: spell(SERVER), ...OWNER, lease: 3_600 }],
      alternatives: [{ query: { resources: "VCPU:1", in_tree: spell(HOST) } }],
    },
  };
  return [
    { route: "POST /consumers", body: { uuid: spell(SERVER), ...OWNER } },
    { route: "POST /consumers", body: { uuid: spell(SERVER), ...OWNER } },
    { route: "GET /consumers/{consumer_uuid}", params },
    {
      route: "PUT /consumers/{consumer_uuid}",
      params,
      body: { ...OWNER, user_id: "another", consumer_generation: 0 },
    },
    { route: raise, params, body: { consumer_generation: 1 } },
    { route: "DELETE /consumers/{consumer_uuid}", params, query: { generation: "2" } },
    { route: "GET /consumers/{consumer_uuid}", params },
    byQuery,
    byQuery,
    { route: "PUT /consumers/{consumer_uuid}/lease", params, body: { seconds: 3_600 } },
    { route: "DELETE /consumers/{consumer_uuid}/lease", params },
    { route: "DELETE /resource_providers/{uuid}/allocations", params: { uuid: spell(HOST) } },
    { route: "DELETE /allocations/{consumer_uuid}", params },
    // It goes on with each story: its beginning is the same.
    { route: "GET /consumers/{consumer_uuid}/history", params, query: { limit: "1" } },
    {
      route: "GET /resource_providers/{uuid}/history",
      params: { uuid: spell(HOST) },
      query: { limit: "1" },
    },
    // Nothing is fed there: its cursor is the same.
    { route: "GET /events", query: { subject: spell(HOST) } },
  ];
}
