/** Measures of docs/security.md that no other list breaks. */

/** @type {import("./list.mjs").Mutation[]} */
export const security = [
  {
    name: "value-in-expression",
    breaks: "expressions hold placeholders, never a client's text",
    file: "lib/store/table/placeholders.ts",
    find: "  value(value: unknown): string {\n",
    replace:
      '  value(value: unknown): string {\n    if (typeof value === "string") return JSON.stringify(value);\n',
    tests: ["test/hostile/expressions.test.ts"],
  },
  {
    name: "undeclared-access",
    breaks: "an operation does to the table only what it declares",
    file: "lib/store/table/table.ts",
    find: "    if (!this.#access.has(action)) throw",
    replace: "    if (this.#access.size < 0) throw",
    tests: ["test/table/access.test.ts"],
  },
  {
    name: "capacity-rounded",
    breaks: "capacity is floored as Placement does it",
    file: "lib/model/inventory.ts",
    find: "Math.floor(exactCapacity(inventory))",
    replace: "Math.round(exactCapacity(inventory))",
    tests: ["test/inventories/inventory-capacity.test.ts"],
  },
  {
    name: "usages-of-any-project",
    breaks: "a reader sees the usages of its own project alone",
    file: "lib/api/policy/rules.ts",
    find: '"role:reader and project_id:%(project_id)s"',
    replace: '"role:reader"',
    tests: ["test/policy/policy.test.ts", "test/access/identity.test.ts"],
  },
  {
    name: "body-of-any-depth",
    breaks: "a body's depth is bounded before it is parsed",
    file: "lib/api/limits.ts",
    find: "  bodyDepth: 16,",
    replace: "  bodyDepth: 1_000_000,",
    tests: ["test/hostile/bodies.test.ts"],
    only: "depth",
  },
  {
    name: "operation-without-rule",
    breaks: "every operation but the open ones has a policy rule",
    file: "functions/reshaper/reshape.ts",
    find: '  rule: "placement:reshaper:reshape",\n',
    replace: "",
    tests: ["test/policy/policy.test.ts", "test/access/identity.test.ts"],
  },
  {
    name: "connection-of-its-own",
    breaks: "nothing that is deployed opens a connection but the DynamoDB client",
    file: "functions/root/show.ts",
    find: "  async run(_request, { clock }) {\n",
    replace:
      '  async run(_request, { clock }) {\n    await fetch("http://127.0.0.1:9/").catch(() => {});\n',
    tests: ["test/hostile/reach.test.ts"],
  },
  {
    name: "any-origin",
    breaks: "only origins that are named may call from a browser",
    file: "lib/api/pipeline/cors.ts",
    find: "origin !== undefined && corsOrigins.includes(origin);",
    replace: "origin !== undefined;",
    tests: ["test/protocol/cors.test.ts"],
  },
  {
    name: "host-header-in-location",
    breaks: "a Location leads to the server that answers",
    file: "lib/api/inbound.ts",
    find: "find((name) => HOST.test(name))",
    replace: 'find((name) => name !== "")',
    tests: ["test/hostile/headers.test.ts"],
  },
  {
    name: "operation-not-listed",
    breaks: "every operation's file is in the list of what is deployed",
    file: "functions/index.ts",
    find: "  showUsages,\n  reshapeProviders,",
    replace: "  reshapeProviders,",
    tests: ["test/access/identity.test.ts", "test/stack/functions.test.ts"],
  },
];
