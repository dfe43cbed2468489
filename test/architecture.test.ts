/** The shape of the sources: which folder may import which, and what is called what. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { refuseUnrouted } from "../functions/fallback/refuse.ts";
import { operations, tasks } from "../functions/index.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["functions", "infra", "lib", "scripts", "test"];

/** About 200. */
const MAX_LINES = 215;

/** By path from the root, with `/`. */
const sources = new Map(
  FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(ts|mjs)$/.test(path))
      .map((path) => join(folder, path).replaceAll("\\", "/")),
  )
    .sort()
    .map((path) => [path, readFileSync(join(ROOT, path), "utf8")] as const),
);

interface Import {
  readonly from: string;
  /** A path from the root, or the name of a package. */
  readonly of: string;
}

const imports: readonly Import[] = [...sources].flatMap(([from, text]) =>
  specifiersOf(text).map((specifier) => ({
    from,
    of: specifier.startsWith(".")
      ? relative(ROOT, join(ROOT, dirname(from), specifier)).replaceAll("\\", "/")
      : specifier,
  })),
);

function specifiersOf(text: string): string[] {
  const statements = /^\s*(?:import|export)\b[^;"']*?\bfrom\s+["']([^"']+)["']/gm;
  const bare = /^\s*import\s+["']([^"']+)["']/gm;
  const dynamic = /\bimport\(\s*["']([^"']+)["']/g;
  return [statements, bare, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, specifier = ""]) => specifier),
  );
}

/** `lib/store` of `lib/store/large-changes/intent.ts`, `functions` of `functions/root/show.ts`. */
function layerOf(path: string): string {
  const [top = "", below = ""] = path.split("/");
  return top === "lib" ? `lib/${below}` : top;
}

const isPackage = ({ of }: Import) => !FOLDERS.includes(of.split("/")[0] ?? "");
const wordsOf = ({ from, of }: Import) => `${from} imports ${of}`;

/** What each folder may import, beside itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "lib/model": [],
  "lib/store": ["lib/model"],
  "lib/api": ["lib/model", "lib/store"],
  "lib/client": ["lib/api"],
  functions: ["lib/api", "lib/model", "lib/store"],
  "lib/local": ["functions", "lib/api", "lib/model", "lib/store"],
  infra: ["functions", "lib/api", "lib/model", "lib/store"],
};

/** Packages that only some folders may import, by how their names begin. */
const PACKAGES: readonly (readonly [start: string, folders: readonly string[]])[] = [
  ["@aws-sdk/", ["lib/store", "lib/local", "test"]],
  ["@smithy/", ["lib/store"]],
  ["@middy/", ["lib/api"]],
  ["aws-cdk", ["infra", "test"]],
  ["constructs", ["infra", "test"]],
  ["cdk-nag", ["infra", "test"]],
  ["esbuild", ["infra"]],
  ["vitest", ["test"]],
  ["fast-check", ["test"]],
];

test("there are sources to look at", () => {
  expect(sources.size).toBeGreaterThan(100);
  expect(imports.length).toBeGreaterThan(500);
  for (const { of } of imports.filter((each) => !isPackage(each))) {
    expect([of, sources.has(of) || of.endsWith(".json")]).toEqual([of, true]);
  }
});

describe("imports", () => {
  test.each(Object.entries(ARROWS))("of %s go to itself and to %j", (layer, allowed) => {
    const wrong = imports
      .filter((each) => layerOf(each.from) === layer && !isPackage(each))
      .filter(({ of }) => ![layer, ...allowed].includes(layerOf(of)));
    expect(wrong.map(wordsOf)).toEqual([]);
  });

  test("every folder has its arrows", () => {
    const layers = new Set([...sources.keys()].map(layerOf));
    for (const free of ["scripts", "test"]) layers.delete(free);
    expect([...layers].sort()).toEqual(Object.keys(ARROWS).sort());
  });

  test("of pure rules are no packages at all, nor of Node", () => {
    const own = imports.filter((each) => layerOf(each.from) === "lib/model" && isPackage(each));
    expect(own.map(wordsOf)).toEqual([]);
  });

  test.each(PACKAGES)("of %s* stand in %j only", (start, folders) => {
    const wrong = imports
      .filter(({ of }) => of.startsWith(start))
      .filter(({ from }) => !folders.includes(layerOf(from)));
    expect(wrong.map(wordsOf)).toEqual([]);
  });

  test("of esbuild stand in one file", () => {
    const importers = imports.filter(({ of }) => of === "esbuild").map(({ from }) => from);
    expect([...new Set(importers)]).toEqual(["infra/bundling.mjs"]);
  });

  test("of zod are a namespace", () => {
    const wrong = [...sources].filter(([, text]) =>
      /^\s*import\s+(?!type\s+\*|\*)[^;]*from\s+["']zod["']/m.test(text),
    );
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  test("what is deployed never sees the local server's identity", () => {
    const reached = new Set(["functions/index.ts", "functions/fallback/refuse.ts"]);
    for (const path of reached) {
      for (const { from, of } of imports) if (from === path && sources.has(of)) reached.add(of);
    }
    expect([...reached].filter((path) => path.startsWith("lib/local/"))).toEqual([]);
  });
});

describe("functions", () => {
  const withHandler = [...sources]
    .filter(
      ([path, text]) => path.startsWith("functions/") && /^export const handler\b/m.test(text),
    )
    .map(([path]) => path);
  const definitions = [...operations, ...tasks, refuseUnrouted];

  test("with a handler are all in the list, each under the path of its file", () => {
    const listed = definitions.map(({ id }) => `functions/${id}.ts`);
    expect(withHandler.toSorted()).toEqual(listed.toSorted());
  });

  test("stand in one folder a resource", () => {
    for (const path of withHandler) expect(path).toMatch(/^functions\/[a-z-]+\/[a-z-]+\.ts$/);
  });

  test("say their own id", () => {
    for (const { id } of definitions) {
      expect(sources.get(`functions/${id}.ts`)).toContain(`id: "${id}"`);
    }
  });

  test("have routes, ids and names of their own", () => {
    for (const values of [
      operations.map(({ route }) => route),
      definitions.map(({ id }) => id),
      definitions.map(({ summary }) => summary),
    ]) {
      expect(new Set(values).size).toBe(values.length);
    }
  });
});

describe("a uuid", () => {
  const product = [...sources].filter(([path]) => !path.startsWith("test/"));
  const where = (pattern: RegExp) =>
    product.filter(([, text]) => pattern.test(text)).map(([path]) => path);

  test("is made by a cast only where it is declared, and where bodies are parsed", () => {
    expect(where(/\bas\s+(?:unknown\s+as\s+)?[\w.<[{\s]*\bUuid\b/)).toEqual([
      "lib/api/schemas.ts",
      "lib/model/uuid.ts",
    ]);
  });

  test("is taken as it stands from the table and from chance, and from no request", () => {
    const takers = where(/\bstoredUuid\(/);
    const others = takers.filter((path) => !path.startsWith("lib/store/"));
    expect(others).toEqual(["lib/api/deployed-runtime.ts", "lib/model/uuid.ts"]);
    expect(where(/\buuidOrItself\b/)).toEqual([
      "functions/shared/path-uuid.ts",
      "lib/api/schemas.ts",
      "lib/model/uuid.ts",
    ]);
  });

  test("in a path is read in one place alone, and where PUT refuses what is none", () => {
    expect(where(/params\["(?:consumer_)?uuid"\]/)).toEqual([
      "functions/allocations/replace.ts",
      "functions/shared/path-uuid.ts",
    ]);
  });
});

test("no file of the product is longer than one sitting", () => {
  const tooLong = [...sources]
    .filter(([path]) => !path.startsWith("test/"))
    .map(([path, text]) => [path, text.split("\n").length - 1] as const)
    .filter(([, length]) => length > MAX_LINES);
  expect(tooLong).toEqual([]);
});
