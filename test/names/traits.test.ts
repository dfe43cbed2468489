/** Traits as names: list, show, create and delete. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const standard: string[] = Object.keys(
  JSON.parse(
    readFileSync(new URL("../../lib/model/standard-traits.json", import.meta.url), "utf8"),
  ),
);
const api = useApi();

const at = (method: string, name: string, version = "1.39") =>
  api.request(method, `/traits/${name}`, { version });

const list = async (query = "", version = "1.39"): Promise<string[]> => {
  const { status, body } = await api.request("GET", `/traits${query}`, { version });
  expect(status).toBe(200);
  return body.traits;
};

describe("PUT", () => {
  test("is 201, then 204, with Location and no body", async () => {
    for (const status of [201, 204]) {
      const answer = await at("PUT", "CUSTOM_A", "1.6");
      expect([answer.status, answer.body]).toEqual([status, ""]);
      expect(answer.headers["location"]).toBe(`${api.url}/traits/CUSTOM_A`);
      expect(answer.headers).not.toHaveProperty("content-type");
    }
  });

  test("takes custom names of 255 characters at most", async () => {
    expect((await at("PUT", `CUSTOM_${"X".repeat(248)}`)).status).toBe(201);
    const names = [
      "HW_CPU_X86_AVX",
      "CUSTOM_",
      "CUSTOM_a",
      "custom_A",
      `CUSTOM_${"X".repeat(249)}`,
    ];
    for (const name of names) {
      expectRefusal(await at("PUT", name), { status: 400, message: /The trait is invalid/ });
    }
    expect((await at("DELETE", `CUSTOM_${"X".repeat(248)}`)).status).toBe(204);
  });
});

describe("GET of one", () => {
  test("is 204 without a body, or 404", async () => {
    await at("PUT", "CUSTOM_A");
    for (const name of ["HW_CPU_X86_AVX", "CUSTOM_A"]) {
      const answer = await at("GET", name, "1.6");
      expect([answer.status, answer.body]).toEqual([204, ""]);
    }
    for (const name of ["CUSTOM_NONE", "hw_cpu_x86_avx", "%00", "x".repeat(2_000)]) {
      expectRefusal(await at("GET", name), { status: 404, message: /^No such trait/ });
    }
  });
});

describe("GET of all", () => {
  test("has every standard trait, and the custom ones", async () => {
    await at("PUT", "CUSTOM_A");
    const traits = await list("", "1.6");
    expect(traits).toEqual(expect.arrayContaining([...standard, "CUSTOM_A"]));
    expect(traits).toHaveLength(standard.length + 1);
  });

  test("name=in: and name=startswith:", async () => {
    await at("PUT", "CUSTOM_A");
    const some = await list("?name=in:HW_CPU_X86_AVX,CUSTOM_A,CUSTOM_NONE");
    expect(some.sort()).toEqual(["CUSTOM_A", "HW_CPU_X86_AVX"]);
    expect(await list("?name=startswith:CUSTOM_")).toEqual(["CUSTOM_A"]);
    expect(await list("?name=startswith:custom")).toEqual([]);
    expect(await list("?name=in:")).toEqual([]);
  });

  test("an unknown operator lists everything", async () => {
    expect(await list("?name=like:X")).toEqual(await list());
  });

  test("associated= says whether any provider has it, in any case", async () => {
    await at("PUT", "CUSTOM_USED");
    const uuid = await makeProvider(api);
    const body = {
      traits: ["CUSTOM_USED", "HW_CPU_X86_AVX2"],
      resource_provider_generation: 0,
    };
    await api.request("PUT", `/resource_providers/${uuid}/traits`, { body });
    expect((await list("?associated=True")).sort()).toEqual(["CUSTOM_USED", "HW_CPU_X86_AVX2"]);
    const unused = await list("?associated=FALSE");
    expect(unused).not.toContain("CUSTOM_USED");
    expect(unused).toContain("HW_CPU_X86_AVX");
    expect(await list("?associated=true&name=startswith:CUSTOM")).toEqual(["CUSTOM_USED"]);
    const last = await list("?associated=false&associated=true");
    expect(last.sort()).toEqual(["CUSTOM_USED", "HW_CPU_X86_AVX2"]);
  });

  test.each([
    ["?name=CUSTOM_A", /Badly formatted name parameter/],
    ["?name=", /Badly formatted name parameter/],
    ["?associated=maybe", /"associated" only accepts "true" or "false"/],
    ["?associated=", /"associated" only accepts/],
    ["?colour=blue", /Additional properties are not allowed \('colour' was unexpected\)/],
  ])("%s is refused", async (query, message) => {
    expectRefusal(await api.request("GET", `/traits${query}`), { status: 400, message });
  });
});

describe("DELETE", () => {
  test("deletes a custom trait that nobody has", async () => {
    await at("PUT", "CUSTOM_B");
    const uuid = await makeProvider(api);
    const path = `/resource_providers/${uuid}/traits`;
    const body = { traits: ["CUSTOM_B"], resource_provider_generation: 0 };
    await api.request("PUT", path, { body });
    expectRefusal(await at("DELETE", "CUSTOM_B"), {
      status: 409,
      message: "The trait CUSTOM_B is in use by a resource provider.",
    });
    await api.request("DELETE", path);
    expect((await at("DELETE", "CUSTOM_B")).status).toBe(204);
    expectRefusal(await at("DELETE", "CUSTOM_B"), {
      status: 404,
      message: /^No such trait\(s\): CUSTOM_B\.$/,
    });
  });

  test("refuses standard traits", async () => {
    expectRefusal(await at("DELETE", "HW_CPU_X86_AVX"), {
      status: 400,
      message: "Cannot delete standard trait HW_CPU_X86_AVX.",
    });
  });
});
