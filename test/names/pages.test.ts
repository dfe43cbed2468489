/** Traits and resource classes in pages: standard ones, then custom ones by name. */
import { beforeAll, describe, expect, test } from "vitest";
import { makeHost } from "../support/candidates.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { BAD_PAGES, classesOf, traitsOf, walked } from "../support/pages.ts";

const api = useApi();
const NAMES = ["CUSTOM_B", "CUSTOM_A", "CUSTOM_C", "CUSTOM_A1", "CUSTOM_Z"];

beforeAll(async () => {
  for (const name of NAMES) {
    await api.request("PUT", `/traits/${name}`);
    await api.request("PUT", `/resource_classes/${name}`);
  }
  await makeHost(api, { VCPU: 1 }, { traits: ["CUSTOM_C", "HW_CPU_X86_AVX"] });
});

const get = (path: string, version = "1.39") => api.request("GET", path, { version });

describe.each([
  ["/resource_classes", classesOf],
  ["/traits", traitsOf],
  ["/traits?name=startswith:CUSTOM_A", traitsOf],
  ["/traits?name=in:CUSTOM_Z,HW_CPU_X86_VMX,CUSTOM_B", traitsOf],
  ["/traits?associated=true", traitsOf],
  ["/traits?associated=false&name=startswith:CUSTOM_", traitsOf],
])("%s", (path, entries) => {
  test("in pages is the whole list, each name once", async () => {
    const { body } = await get(path);
    expect(Object.keys(body)).toHaveLength(1);
    const whole = entries(body);
    const standard = whole.filter((name) => !name.startsWith("CUSTOM_")).length;
    // Pages that end just before, at and after the last standard name.
    const sizes = [standard - 1, standard, standard + 1, 150, 1_000, ...(standard < 3 ? [1] : [])];
    for (const limit of new Set(sizes.filter((size) => size > 0))) {
      const found = await walked(api, { path, limit }, entries);
      expect([limit, found.flat()]).toEqual([limit, whole]);
    }
  });
});

test("the page that standard names fill is the last one where no custom name passes", async () => {
  const { body } = await get("/traits?associated=true&name=startswith:HW_&limit=1");
  expect(body).toEqual({ traits: ["HW_CPU_X86_AVX"], next_marker: null });
});

test("a deleted name still says where to go on", async () => {
  await api.request("PUT", "/traits/CUSTOM_GONE");
  const { body } = await get("/traits?name=startswith:CUSTOM_&limit=5");
  expect(body.traits.at(-1)).toBe("CUSTOM_GONE");
  await api.request("DELETE", "/traits/CUSTOM_GONE");
  const next = (await get(`/traits?name=startswith:CUSTOM_&marker=${body.next_marker}`)).body;
  expect(next).toEqual({ traits: ["CUSTOM_Z"], next_marker: null });
});

test("from the first version on; what is no page is 400, what Placement ignores is ignored", async () => {
  expect((await get("/traits?limit=2", "1.6")).body.traits).toHaveLength(2);
  expect((await get("/resource_classes?limit=2", "1.2")).body.resource_classes).toHaveLength(2);
  const unknown = Buffer.from("HW_NO_SUCH").toString("base64url");
  for (const path of ["/traits", "/resource_classes"]) {
    for (const [query, message] of BAD_PAGES) {
      expectRefusal(await get(`${path}?${query}`), { status: 400, message });
    }
    expectRefusal(await get(`${path}?marker=${unknown}`), {
      status: 400,
      message: /'marker' is no next_marker of such a list/,
    });
  }
  const ignored = await get("/resource_classes?colour=blue");
  expect(Object.keys(ignored.body)).toEqual(["resource_classes"]);
});
