import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { operations } from "../../functions/index.ts";
import { changesOf } from "../../lib/api/openapi/changes.ts";
import { MAX_MINOR, versionText } from "../../lib/model/microversion.ts";
import { generatedFiles } from "../../scripts/docs/generated.ts";
import { MICROVERSIONS } from "../../scripts/docs/microversions.ts";
import { readProofs } from "../../scripts/docs/proofs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const proofs = readProofs(root);
const placements = operations.filter(({ extension }) => extension !== true);
const served = new Set(operations.map(({ id }) => id));

describe("generated files", () => {
  const files = generatedFiles(root);

  it.each(files.map(({ path }) => path))("are not stale: %s (else: npm run docs)", (path) => {
    const text = files.find((each) => each.path === path)?.text;
    expect(readFileSync(join(root, path), "utf8") === text).toBe(true);
  });
});

describe("the table of operations and microversions", () => {
  it("has every microversion, in order", () => {
    const all = Array.from({ length: MAX_MINOR + 1 }, (_, value) => versionText(value));
    expect(MICROVERSIONS.map(({ version }) => version)).toEqual(all);
  });

  it.each(placements.map(({ id }) => id))("knows each change of %s", (id) => {
    const operation = placements.find((each) => each.id === id);
    if (operation === undefined) throw new Error(`there is no operation ${id}`);
    const listed = MICROVERSIONS.filter((change) => change.operations.includes(id));
    expect(listed.map(({ version }) => version)).toEqual(
      expect.arrayContaining([operation.since, ...changesOf(operation)]),
    );
    expect(listed[0]?.version).toBe(operation.since);
  });

  it("names no operation that does not exist", () => {
    const named = MICROVERSIONS.flatMap((change) => change.operations);
    expect(named.filter((id) => !served.has(id))).toEqual([]);
  });

  it.each(operations)("names tests of $id that make requests on its route", (operation) => {
    const named = proofs.ofOperation(operation);
    expect(named.length).toBeGreaterThan(0);
    expect(named.length).toBeLessThanOrEqual(4);
    expect(named).not.toContain("test/documents/operations.test.ts");
  });

  it("names no test where none makes the request", () => {
    expect(proofs.ofOperation({ id: "traits/none", route: "PATCH /traits/{name}" })).toEqual([]);
    expect(proofs.ofOperation({ id: "none/list", route: "GET /traits" })).toEqual([]);
  });

  it("names a test for every microversion that is served", () => {
    const missing = MICROVERSIONS.filter(({ version }) => proofs.ofVersion(version).length === 0);
    expect(missing).toEqual([]);
  });
});
