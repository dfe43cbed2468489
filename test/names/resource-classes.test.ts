/** Resource classes: standard and custom ones, renames of 1.2 to 1.6, creation by PUT from 1.7. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider, putInventories, readClaim } from "../support/world.ts";

const standard: string[] = Object.keys(
  JSON.parse(
    readFileSync(new URL("../../lib/model/standard-classes.json", import.meta.url), "utf8"),
  ),
);
const api = useApi();
let count = 0;

const fresh = () => {
  count += 1;
  return `CUSTOM_CLASS_${count}`;
};

const at = (method: string, name: string, version = "1.39") =>
  api.request(method, `/resource_classes/${name}`, { version });

const create = (name: string, version = "1.39") =>
  api.request("POST", "/resource_classes", { body: { name }, version });

const rename = (from: string, to: unknown, version = "1.6") =>
  api.request("PUT", `/resource_classes/${from}`, { body: { name: to }, version });

const names = async () => {
  const { body } = await api.request("GET", "/resource_classes");
  return body.resource_classes.map(({ name }: { name: string }) => name);
};

describe("list and show", () => {
  test("all standard classes are there, with links", async () => {
    const { status, body } = await api.request("GET", "/resource_classes", { version: "1.2" });
    expect(status).toBe(200);
    for (const name of standard) {
      const document = { name, links: [{ rel: "self", href: `/resource_classes/${name}` }] };
      expect(body.resource_classes).toContainEqual(document);
      const shown = await at("GET", name, "1.2");
      expect([shown.status, shown.body]).toEqual([200, document]);
    }
    expect(body.resource_classes).toHaveLength(standard.length);
  });

  test("an unknown class is 404, without Vary", async () => {
    for (const name of ["CUSTOM_NONE", "vcpu", "x".repeat(2_000)]) {
      const answer = await at("GET", name);
      expectRefusal(answer, { status: 404, message: `No such resource class ${name}.` });
      expect(answer.headers).not.toHaveProperty("vary");
    }
  });
});

describe("POST", () => {
  test("creates with Location and no body, once", async () => {
    const name = fresh();
    const answer = await create(name, "1.2");
    expect([answer.status, answer.body]).toEqual([201, ""]);
    expect(answer.headers["location"]).toBe(`${api.url}/resource_classes/${name}`);
    expect(await names()).toContain(name);
    expectRefusal(await create(name), {
      status: 409,
      message: `Conflicting resource class already exists: ${name}`,
    });
  });

  test("takes up to 255 characters of the custom names", async () => {
    expect((await create(`CUSTOM_${"X".repeat(248)}`)).status).toBe(201);
    const long = await create(`CUSTOM_${"X".repeat(249)}`);
    expectRefusal(long, { status: 400, message: /Failed validating 'maxLength'/ });
    for (const name of ["VCPU", "CUSTOM_", "CUSTOM_a", "CUSTOM-A", "XCUSTOM_A", "CUSTOM_A\n"]) {
      const message = /does not match '\^CUSTOM_\[A-Z0-9_\]\+\$'/;
      expectRefusal(await create(name), { status: 400, message });
    }
  });
});

describe("PUT up to 1.6", () => {
  test("renames, also what is in use", async () => {
    const [from, to] = [fresh(), fresh()];
    await create(from);
    const provider = await makeProvider(api, { [from]: 4 });
    const consumer = "00000000-0000-4000-8000-00000000c1a5";
    await claim(api, consumer, { [provider]: { [from]: 3 } });
    const answer = await rename(from, to, "1.2");
    expect([answer.status, answer.body]).toEqual([
      200,
      { name: to, links: [{ rel: "self", href: `/resource_classes/${to}` }] },
    ]);
    expect((await at("GET", from)).status).toBe(404);
    expect(await readClaim(api, consumer)).toMatchObject({ held: { [provider]: { [to]: 3 } } });
    expect((await claim(api, consumer, { [provider]: { [to]: 4 } }, 1)).status).toBe(204);
    expect((await claim(api, consumer, { [provider]: { [from]: 1 } }, 2)).status).toBe(400);
  });

  test("refuses standard classes, unknown ones and names that are taken", async () => {
    const [one, other] = [fresh(), fresh()];
    await create(one);
    await create(other);
    const standard = await rename("VCPU", fresh());
    const message = "Cannot update standard resource class VCPU";
    expectRefusal(standard, { status: 400, code: null, message });
    const unknown = await rename("CUSTOM_NONE", fresh());
    expectRefusal(unknown, {
      status: 404,
      code: null,
      message: "No such resource class CUSTOM_NONE.",
    });
    const taken = await rename(one, other);
    expectRefusal(taken, {
      status: 409,
      code: null,
      message: `Resource class already exists: ${other}`,
    });
    expectRefusal(await rename(one, "VCPU"), { status: 400, code: null });
    expect(await names()).toEqual(expect.arrayContaining([one, other]));
  });

  test("a name may stay as it is", async () => {
    const name = fresh();
    await create(name);
    expect((await rename(name, name)).status).toBe(200);
  });
});

describe("PUT from 1.7", () => {
  test("creates, then finds, with Location both times and no body", async () => {
    const name = fresh();
    for (const status of [201, 204]) {
      const answer = await at("PUT", name, "1.7");
      expect([answer.status, answer.body]).toEqual([status, ""]);
      expect(answer.headers["location"]).toBe(`${api.url}/resource_classes/${name}`);
    }
  });

  test("takes custom names only", async () => {
    for (const name of ["VCPU", "custom_a", "CUSTOM_%C3%84", `CUSTOM_${"X".repeat(249)}`]) {
      expectRefusal(await at("PUT", name), { status: 400 });
    }
  });
});

describe("DELETE", () => {
  test("deletes what is not in use", async () => {
    const name = fresh();
    await create(name);
    const provider = await makeProvider(api, { [name]: 1 });
    expectRefusal(await at("DELETE", name), {
      status: 409,
      message: `Error in delete resource class: Cannot delete resource class ${name}. Class is in use in inventory.`,
    });
    await putInventories(api, provider, 1, {});
    expect((await at("DELETE", name)).status).toBe(204);
    const gone = { status: 404, message: new RegExp(`No such resource class ${name}`) };
    expectRefusal(await at("DELETE", name), gone);
    expect(await names()).not.toContain(name);
    expect((await create(name)).status).toBe(201);
  });

  test("refuses standard classes", async () => {
    expectRefusal(await at("DELETE", "VCPU"), {
      status: 400,
      message: "Error in delete resource class: Cannot delete standard resource class VCPU.",
    });
  });
});
