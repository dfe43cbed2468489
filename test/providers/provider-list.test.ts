/** GET /resource_providers: every filter, at the version that brings it, and its refusals. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider } from "../support/world.ts";

const [A1, A2] = [randomUUID(), randomUUID()];
const api = useApi();
/** host > numa; disk alone: by name. */
const uuids: Record<string, string> = {};

beforeAll(async () => {
  const make = async (name: string, inventories: object, parent?: string) => {
    const above = parent === undefined ? {} : { parent: parent };
    uuids[name] = await makeProvider(api, inventories as never, { name, ...above });
    return uuids[name];
  };
  const host = await make("host", { VCPU: { total: 8, max_unit: 4 } });
  const numa = await make("numa", { MEMORY_MB: { total: 64, step_size: 2 } }, host);
  const disk = await make("disk", { DISK_GB: 100 });
  await claim(api, randomUUID(), { [disk]: { DISK_GB: 90 } });
  await api.request("PUT", "/traits/CUSTOM_A");
  const put = async (uuid: string, what: string, given: object) => {
    const { body } = await api.request("GET", `/resource_providers/${uuid}`);
    const answer = await api.request("PUT", `/resource_providers/${uuid}/${what}`, {
      body: { ...given, resource_provider_generation: body.generation },
    });
    expect(answer.status).toBe(200);
  };
  await put(host, "traits", { traits: ["HW_CPU_X86_AVX", "CUSTOM_A"] });
  await put(numa, "traits", { traits: ["CUSTOM_A"] });
  await put(host, "aggregates", { aggregates: [A1] });
  await put(disk, "aggregates", { aggregates: [A1, A2] });
});

const get = (query: string, version = "1.39") => {
  const named = query.replace(/\$(\w+)/g, (_, name) => uuids[name] ?? "");
  return api.request("GET", `/resource_providers?${named}`, { version });
};

async function names(query: string, version = "1.39"): Promise<string[]> {
  const { status, body } = await get(query, version);
  expect([query, status]).toEqual([query, 200]);
  return body.resource_providers.map(({ name }: { name: string }) => name).sort();
}

test("a provider looks as it does by itself, at every version", async () => {
  for (const version of ["1.0", "1.1", "1.6", "1.11", "1.14", "1.39"]) {
    const { body } = await get("name=numa", version);
    const shown = await api.request("GET", `/resource_providers/${uuids["numa"]}`, { version });
    expect(body).toEqual({ resource_providers: [shown.body] });
  }
});

describe("filters", () => {
  test.each([
    ["", "1.0", ["disk", "host", "numa"]],
    ["name=host", "1.0", ["host"]],
    ["name=", "1.0", ["disk", "host", "numa"]],
    ["name=nobody", "1.0", []],
    ["name=disk&name=host", "1.0", ["host"]],
    ["uuid=$disk", "1.0", ["disk"]],
    [`uuid=${randomUUID()}`, "1.0", []],
    ["name=host&uuid=$disk", "1.0", []],
    [`name=${"x".repeat(2_100)}`, "1.0", []],
    [`member_of=${A1}`, "1.3", ["disk", "host"]],
    [`member_of=in:${A2},${randomUUID()}`, "1.3", ["disk"]],
    [`member_of=${A1.replaceAll("-", "")}`, "1.3", ["disk", "host"]],
    [`member_of=!${A2.replaceAll("-", "").toUpperCase()}`, "1.32", ["host", "numa"]],
    [`member_of=${A1}&member_of=${A2}`, "1.24", ["disk"]],
    [`member_of=!${A2}`, "1.32", ["host", "numa"]],
    [`member_of=!in:${A1},${A2}`, "1.32", ["numa"]],
    [`member_of=${A1}&member_of=!${A2}`, "1.32", ["host"]],
    ["resources=VCPU:4", "1.4", ["host"]],
    ["resources=VCPU:5", "1.4", []],
    ["resources=MEMORY_MB:3", "1.4", []],
    ["resources=DISK_GB:10", "1.4", ["disk"]],
    ["resources=DISK_GB:11", "1.4", []],
    ["resources=VCPU:99,VCPU:1", "1.4", ["host"]],
    ["resources=VCPU:1&resources=DISK_GB:1", "1.4", ["disk"]],
    ["resources=VCPU:99999999999999999999999", "1.4", []],
    ["in_tree=$numa", "1.14", ["host", "numa"]],
    ["in_tree=$disk", "1.14", ["disk"]],
    [`in_tree=${randomUUID()}`, "1.14", []],
    ["in_tree=$numa&resources=VCPU:1", "1.14", ["host"]],
    ["required=CUSTOM_A", "1.18", ["host", "numa"]],
    ["required=CUSTOM_A,%20HW_CPU_X86_AVX", "1.18", ["host"]],
    ["required=HW_CPU_X86_AVX&required=CUSTOM_A", "1.38", ["host", "numa"]],
    ["required=CUSTOM_A,!HW_CPU_X86_AVX", "1.22", ["numa"]],
    ["required=!!!CUSTOM_A", "1.22", ["disk"]],
    ["required=CUSTOM_A,!CUSTOM_A", "1.22", []],
    ["required=in:HW_CPU_X86_AVX,CUSTOM_A", "1.39", ["host", "numa"]],
    ["required=in:HW_CPU_X86_AVX,CUSTOM_A&required=!HW_CPU_X86_AVX", "1.39", ["numa"]],
    ["required=HW_CPU_X86_AVX&required=CUSTOM_A", "1.39", ["host"]],
  ])("%s at %s", async (query, version, expected) => {
    expect(await names(query, version)).toEqual(expected);
  });

  test.each([
    ["member_of", "1.3", A1],
    ["resources", "1.4", "VCPU:1"],
    ["in_tree", "1.14", randomUUID()],
    ["required", "1.18", "CUSTOM_A"],
  ])("%s is unknown below %s", async (key, since, value) => {
    const version = `1.${Number(since.slice(2)) - 1}`;
    expectRefusal(await get(`${key}=${value}`, version), {
      status: 400,
      code: null,
      message: new RegExp(`Additional properties are not allowed \\('${key}' was unexpected\\)`),
    });
    expect((await get(`${key}=${value}`, since)).status).toBe(200);
  });
});

const INVALID = "Invalid query string parameters: ";
const RESOURCES =
  "Badly formed resources parameter. Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024. Got: ";
const REQUIRED = `${INVALID}Expected 'required' parameter value of the form: HW_CPU_X86_VMX,`;
const ANY = `${INVALID}The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC'`;
const WITH_IN =
  "Multiple values for 'member_of' must be prefixed with the 'in:' or '!in:' keyword using the valid microversion. Got: ";

describe("refusals", () => {
  test.each([
    ["resources=", "1.39", `${RESOURCES}empty string.`],
    ["resources=VCPU", "1.39", `${RESOURCES}VCPU.`],
    ["resources=VCPU:1:2", "1.39", `${RESOURCES}VCPU:1:2.`],
    ["resources=x&resources=VCPU:1", "1.39", `${RESOURCES}x.`],
    ["resources=VCPU:1,DISK_GB", "1.39", `${RESOURCES}DISK_GB.`],
    ["resources=VCPU:1,", "1.39", `${RESOURCES}.`],
    [
      "resources=VCPU:x",
      "1.39",
      "Requested resource VCPU expected positive integer amount. Got: x.",
    ],
    [
      "resources=VCPU:1.5",
      "1.39",
      "Requested resource VCPU expected positive integer amount. Got: 1.5.",
    ],
    ["resources=VCPU:0", "1.39", "Requested resource VCPU requires amount >= 1. Got: 0."],
    ["resources=VCPU:-3", "1.39", "Requested resource VCPU requires amount >= 1. Got: -3."],
    [
      "resources=CUSTOM_NONE:1",
      "1.39",
      "Invalid resource class in resources parameter: No such resource class CUSTOM_NONE.",
    ],
    [
      "resources=%20VCPU:1",
      "1.39",
      "Invalid resource class in resources parameter: No such resource class  VCPU.",
    ],
    ["required=", "1.39", `${REQUIRED}!CUSTOM_MAGIC. Got an empty trait in: `],
    ["required=A,,B", "1.39", `${REQUIRED}!CUSTOM_MAGIC. Got an empty trait in: A,,B`],
    ["required=!", "1.39", `${REQUIRED}!CUSTOM_MAGIC. Got an empty trait in: !`],
    [
      "required=in:A,,B",
      "1.39",
      `${REQUIRED.replace("HW", "in:HW")}CUSTOM_MAGIC. Got an empty trait in: in:A,,B`,
    ],
    ["required=in:!", "1.39", `${ANY} does not support forbidden traits. Got: in:!`],
    ["required=!CUSTOM_A", "1.21", `${REQUIRED}CUSTOM_MAGIC. Got: !CUSTOM_A`],
    [
      "required=in:CUSTOM_A",
      "1.38",
      `${ANY} only supported since microversion 1.39. Got: in:CUSTOM_A`,
    ],
    [
      "required=in:CUSTOM_A,!CUSTOM_A",
      "1.39",
      `${ANY} does not support forbidden traits. Got: in:CUSTOM_A,!CUSTOM_A`,
    ],
    [
      "required=CUSTOM_NONE",
      "1.39",
      'Invalid trait(s) in "required" parameter: No such trait(s): CUSTOM_NONE.',
    ],
    [
      "resources=CUSTOM_NONE:1&required=CUSTOM_NONE",
      "1.39",
      'Invalid trait(s) in "required" parameter: No such trait(s): CUSTOM_NONE.',
    ],
    [`member_of=${A1}&member_of=${A2}`, "1.23", "Multiple member_of parameters are not supported"],
    [
      `member_of=!${A1}`,
      "1.31",
      "Forbidden member_of parameters are not supported in the specified microversion",
    ],
    [
      "member_of=x",
      "1.39",
      `${INVALID}Expected 'member_of' parameter to contain valid UUID(s). Got: x`,
    ],
    [`member_of=${A1},${A2}`, "1.39", `${WITH_IN}${A1},${A2}`],
    [`member_of=!${A1},${A2}`, "1.31", `${WITH_IN}!${A1},${A2}`],
    [
      "member_of=!x",
      "1.31",
      `${INVALID}Expected 'member_of' parameter to contain valid UUID(s). Got: x`,
    ],
  ])("%s at %s", async (query, version, message) => {
    const code = Number(version.slice(2)) >= 23 ? {} : { code: null };
    expectRefusal(await get(query, version), { status: 400, message, ...code });
  });

  test.each(["uuid", "in_tree"])("%s has its dashes", async (key) => {
    for (const value of ["nobody", "", randomUUID().replaceAll("-", "")]) {
      const message = new RegExp(`is not a 'uuid'.*schema\\['properties'\\]\\['${key}'\\]`);
      expectRefusal(await get(`${key}=${value}`), { status: 400, message });
    }
  });

  test("unknown keys, whatever they are called", async () => {
    for (const key of ["colour", "__proto__", "constructor", "toString"]) {
      const message = new RegExp(`\\('${key}' was unexpected\\)`);
      expectRefusal(await get(`${key}=1`), { status: 400, message });
    }
  });
});
