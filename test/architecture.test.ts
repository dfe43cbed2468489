/** The shape of the sources: which folder may import which, and what is called what. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { refuseUnrouted } from "../functions/fallback/refuse.ts";
import { operations, tasks } from "../functions/index.ts";
import { TOKEN_KINDS } from "../lib/api/identity-document.ts";
import { KINDS } from "../lib/store/items/kinds.ts";
import {
  againstOrder,
  circlesIn,
  type Import,
  type Rooms,
  specifiersOf,
} from "./support/import-graph.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["console", "functions", "infra", "lib", "scripts", "test"];

/** About 200. */
const MAX_LINES = 215;

/** By path from the root, with `/`. */
const sources = new Map(
  FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(tsx?|mjs)$/.test(path))
      .map((path) => join(folder, path).replaceAll("\\", "/")),
  )
    .sort()
    .map((path) => [path, readFileSync(join(ROOT, path), "utf8")] as const),
);

const imports: readonly Import[] = [...sources].flatMap(([from, text]) =>
  specifiersOf(text).map((specifier) => ({
    from,
    of: specifier.startsWith(".")
      ? relative(ROOT, join(ROOT, dirname(from), specifier)).replaceAll("\\", "/")
      : specifier,
  })),
);

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
  "lib/authorizer": ["lib/api", "lib/model"],
  "lib/client": [],
  console: ["lib/client"],
  functions: ["lib/api", "lib/authorizer", "lib/model", "lib/store"],
  "lib/local": ["functions", "lib/api", "lib/authorizer", "lib/model", "lib/store"],
  infra: ["functions", "lib/api", "lib/authorizer", "lib/model", "lib/store"],
};

/**
 * The rooms of lib/store: each imports only from itself and from those of lower numbers. This
 * table and `ARROWS` are the only places that hold the order; docs/architecture.md explains it.
 */
const ROOMS: Rooms = {
  table: 1,
  items: 2,
  bus: 2,
  changes: 3,
  "large-changes": 4,
  cache: 5,
  history: 6,
  ".": 7,
  names: 8,
  events: 8,
  providers: 8,
  consumers: 8,
  allocations: 9,
  importing: 10,
  status: 10,
  maintenance: 10,
};

/** Packages that only some folders may import, by how their names begin. */
const PACKAGES: readonly (readonly [start: string, folders: readonly string[]])[] = [
  ["@aws-sdk/", ["lib/store", "lib/local", "lib/authorizer", "test"]],
  ["@smithy/", ["lib/store", "lib/client", "test"]],
  ["@middy/", ["lib/api"]],
  ["jose", ["lib/authorizer", "test"]],
  ["cli-progress", ["scripts"]],
  ["prom-client", ["lib/local"]],
  ["aws-cdk", ["infra", "test"]],
  ["constructs", ["infra", "test"]],
  ["cdk-nag", ["infra", "test"]],
  ["esbuild", ["infra"]],
  ["preact", ["console"]],
  ["@preact/", ["console"]],
  ["@tanstack/", ["console"]],
  ["d3-hierarchy", ["console"]],
  ["uplot", ["console"]],
  ["playwright-core", ["test"]],
  ["axe-core", ["test"]],
  ["vitest", ["test"]],
  ["fast-check", ["test"]],
];

/** What a layer imports beside itself and what it may. */
function againstArrows(all: readonly Import[], layer: string, allowed: readonly string[]) {
  return all
    .filter((each) => layerOf(each.from) === layer && !isPackage(each))
    .filter(({ of }) => ![layer, ...allowed].includes(layerOf(of)));
}

const packagesOf = (all: readonly Import[], layer: string) =>
  all.filter((each) => layerOf(each.from) === layer && isPackage(each));

/** Imports of packages whose names begin with `start`, outside of `folders`. */
const importsBeyond = (all: readonly Import[], start: string, folders: readonly string[]) =>
  all.filter(({ from, of }) => of.startsWith(start) && !folders.includes(layerOf(from)));

test("there are sources to look at", () => {
  expect(sources.size).toBeGreaterThan(100);
  expect(imports.length).toBeGreaterThan(500);
  for (const { of } of imports.filter((each) => !isPackage(each))) {
    expect([of, sources.has(of) || of.endsWith(".json")]).toEqual([of, true]);
  }
});

describe("imports", () => {
  test.each(Object.entries(ARROWS))("of %s go to itself and to %j", (layer, allowed) => {
    expect(againstArrows(imports, layer, allowed).map(wordsOf)).toEqual([]);
  });

  test("of a room in lib/store go to itself and to rooms of lower numbers", () => {
    expect(againstOrder(imports, ROOMS, "lib/store").map(wordsOf)).toEqual([]);
    const folders = [...sources.keys()].flatMap((path) => {
      const [, room, name] = /^lib\/store\/(?:([^/]+)\/)?(.+)$/.exec(path) ?? [];
      return name === undefined ? [] : (room ?? ".");
    });
    expect([...new Set(folders)].sort()).toEqual(Object.keys(ROOMS).sort());
  });

  test("make no circle among the files of the product, types included", () => {
    const product = imports.filter(({ from }) => /^(?:console|lib|functions|infra)\//.test(from));
    expect(circlesIn(product)).toEqual([]);
  });

  test("every folder has its arrows", () => {
    const layers = new Set([...sources.keys()].map(layerOf));
    for (const free of ["scripts", "test"]) layers.delete(free);
    expect([...layers].sort()).toEqual(Object.keys(ARROWS).sort());
  });

  test("of the client are its own files, Node for signatures, and the signer", () => {
    expect(packagesOf(imports, "lib/client").map(wordsOf)).toEqual([
      "lib/client/sigv4.ts imports node:crypto",
      "lib/client/sigv4.ts imports @smithy/signature-v4",
    ]);
    const importers = imports.filter(({ of }) => of === "lib/client/sigv4.ts");
    expect(importers.filter(({ from }) => from.startsWith("lib/"))).toEqual([]);
  });

  test("of pure rules are no packages at all, nor of Node", () => {
    expect(packagesOf(imports, "lib/model").map(wordsOf)).toEqual([]);
  });

  test.each(PACKAGES)("of %s* stand in %j only", (start, folders) => {
    expect(importsBeyond(imports, start, folders).map(wordsOf)).toEqual([]);
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

describe("a broken graph is found", () => {
  /** The imports of files that are given by their texts. */
  const importsOf = (texts: Readonly<Record<string, string>>): Import[] =>
    Object.entries(texts).flatMap(([from, text]) =>
      specifiersOf(text).map((of) => ({ from, of: join(dirname(from), of) })),
    );
  const sound = {
    "lib/store/store.ts": 'import type { Item } from "./table/item.ts";',
    "lib/store/names/list.ts": 'import {\n  type Store,\n} from "../store.ts";',
    "lib/store/providers/read.ts": 'export { list } from "../names/list.ts";',
    "lib/store/allocations/claim.ts": 'const read = await import("../providers/read.ts");',
  };

  test("and a sound one is not", () => {
    const given = importsOf(sound);
    expect(given).toHaveLength(4);
    expect(againstOrder(given, ROOMS, "lib/store")).toEqual([]);
    expect(circlesIn(given)).toEqual([]);
  });

  test.each([
    ["lib/model/uuid.ts", "lib/store/store.ts"],
    ["lib/store/store.ts", "lib/api/lambda.ts"],
    ["lib/api/lambda.ts", "functions/index.ts"],
    ["functions/index.ts", "lib/local/main.ts"],
  ])("by the arrows of its layers: %s imports %s", (from, of) => {
    const layer = layerOf(from);
    expect(againstArrows([{ from, of }], layer, ARROWS[layer] ?? [])).toHaveLength(1);
    expect(againstArrows([{ from, of: from }], layer, [])).toEqual([]);
  });

  test("by its packages", () => {
    const given = [
      { from: "lib/model/uuid.ts", of: "node:crypto" },
      { from: "lib/api/lambda.ts", of: "@aws-sdk/client-dynamodb" },
    ];
    expect(packagesOf(given, "lib/model")).toHaveLength(1);
    const [start, folders] = PACKAGES[0] ?? ["", []];
    expect(importsBeyond(given, start, folders)).toHaveLength(1);
  });

  test.each([
    ["lib/store/table/table.ts", 'import type { Store } from "../store.ts";'],
    ["lib/store/consumers/records.ts", 'import { stampOf } from "../allocations/claims.ts";'],
    ["lib/store/store.ts", 'import "./maintenance/rebuild.ts";'],
    ["lib/store/store.ts", 'import "./unknown/file.ts";'],
    ["lib/store/unknown/file.ts", 'export * from "../table/item.ts";'],
  ])("by its order: %s with %s", (path, text) => {
    const given = importsOf({ ...sound, [path]: text });
    expect(againstOrder(given, ROOMS, "lib/store").map(({ from }) => from)).toEqual([path]);
  });

  test.each([
    ["lib/store/store.ts", 'import type { Plan } from "./store.ts";', ["lib/store/store.ts"]],
    [
      "lib/store/names/list.ts",
      'import type { Provider } from "../providers/read.ts";',
      ["lib/store/names/list.ts", "lib/store/providers/read.ts"],
    ],
    [
      "lib/store/store.ts",
      'import type { Claim } from "./allocations/claim.ts";',
      Object.keys(sound).sort(),
    ],
  ])("by its circle: %s with %s", (path, text, circle) => {
    const given = importsOf({ ...sound, [path]: text });
    const all = path === "lib/store/names/list.ts" ? given : [...given, ...importsOf(sound)];
    expect(circlesIn(all)).toEqual([circle]);
  });
});

describe("functions", () => {
  const withHandler = [...sources]
    .filter(
      ([path, text]) => path.startsWith("functions/") && /^export const handler\b/m.test(text),
    )
    .map(([path]) => path);
  const definitions = [...operations, ...tasks, refuseUnrouted];
  /** Neither operations nor tasks: API Gateway asks them who calls. */
  const AUTHORIZERS = TOKEN_KINDS.map((kind) => `authorizers/${kind}`);

  test("with a handler are all in the list, each under the path of its file", () => {
    const listed = [...definitions.map(({ id }) => id), ...AUTHORIZERS];
    expect(withHandler.toSorted()).toEqual(listed.map((id) => `functions/${id}.ts`).toSorted());
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
    expect(others).toEqual(["lib/api/system-random.ts", "lib/model/uuid.ts"]);
    expect(where(/\buuidOrItself\b/)).toEqual([
      "lib/api/path-parameters.ts",
      "lib/api/schemas.ts",
      "lib/model/uuid.ts",
    ]);
  });

  test("in a path is parsed by what its operation declares, and read by none as it came", () => {
    const spelt = "{2F1A9C0EC9D54D7C8B1E6A5D4C3B2A10}";
    for (const { id, route, params = {} } of operations) {
      const names = [...route.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
      expect([id, Object.keys(params)]).toEqual([id, names]);
      for (const name of names.filter((each) => each.endsWith("uuid"))) {
        expect([id, params[name]?.(spelt)]).toEqual([id, "2f1a9c0e-c9d5-4d7c-8b1e-6a5d4c3b2a10"]);
      }
    }
    const readers = where(/params\[/).filter((path) => path.startsWith("functions/"));
    expect(readers).toEqual([]);
  });
});

test("no file of the product is longer than one sitting", () => {
  const tooLong = [...sources]
    .filter(([path]) => !path.startsWith("test/") && !path.includes("/generated/"))
    .map(([path, text]) => [path, text.split("\n").length - 1] as const)
    .filter(([, length]) => length > MAX_LINES);
  expect(tooLong).toEqual([]);
});

describe("how an item is stored", () => {
  const DECLARED = ["lib/store/items/", "lib/store/table/"];
  const outside = [...sources].filter(
    ([path]) => !path.startsWith("test/") && !DECLARED.some((folder) => path.startsWith(folder)),
  );
  const inStore = outside.filter(([path]) => path.startsWith("lib/store/"));

  /** `item["g"]`, `["g"]` as a path, `{ g: generation } = item`. */
  const NAMES = [
    /(?:[(,:=?.\s]|\b[a-z]\w*)\[\s*"\w+"\s*\]/,
    /\{[^{}]*\b[a-z]: [a-z]\w*[^{}]*\}\s*=\s*\w/,
  ];
  /** `pk: "NAMES"`, `"NAME#"`, `pk === "NAMES"`, `sk.startsWith(…)`, `pk.split(…)`. */
  const KEYS = [
    /\b[ps]k:\s*["'`][^"'`]/,
    /["'`](?:[A-Z]+|[HP])#/,
    /\b[ps]k\s*[!=]==?\s*["'`]/,
    /\b[ps]k\.(?:at|charAt|endsWith|includes|indexOf|match|replace|slice|split|startsWith|substring)\(/,
    /\.(?:query|under)\("/,
  ];

  const breaking = (files: typeof outside, patterns: readonly RegExp[]) =>
    files
      .filter(([, text]) => patterns.some((pattern) => pattern.test(text)))
      .map(([path]) => path);

  test("no attribute is named outside of lib/store/items", () => {
    expect(inStore.length).toBeGreaterThan(50);
    expect(breaking(inStore, NAMES)).toEqual([]);
  });

  test("no key is built or taken apart outside of lib/store/items", () => {
    expect(breaking(outside, KEYS)).toEqual([]);
  });

  test.each([
    [NAMES, 'const generation = item["g"] as number;'],
    [NAMES, 'const version = item?.["version"];'],
    [NAMES, 'equals(["p"], uuid)'],
    [NAMES, 'paths: ["r"],'],
    [NAMES, "const { n: counter, b: base } = item;"],
    [KEYS, 'const KEY: Key = { pk: "META#REBUILD", sk: "META" };'],
    [KEYS, "const key = { pk: `TREE#root`, sk };"],
    [KEYS, 'const PREFIX = "NAME#";'],
    [KEYS, 'if (pk === "CLASSES") return;'],
    [KEYS, "if (sk.startsWith(HOT)) return;"],
    [KEYS, "const name = item.pk.slice(PREFIX.length);"],
    [KEYS, 'near.under("CLASSES")'],
  ])("is recognized by %s in %s", (patterns, line) => {
    expect(patterns.some((pattern) => pattern.test(line))).toBe(true);
  });

  test("is declared in one file for each kind", () => {
    const kinds = Object.keys(KINDS).filter((kind) => kind !== "meta");
    const files = [...kinds, "table-format", "walk-position"].map(
      (name) => `lib/store/items/${name}.ts`,
    );
    expect(files.filter((file) => !sources.has(file))).toEqual([]);
  });
});
