/** One uuid in all its spellings. */

/** @type {import("./list.mjs").Mutation[]} */
export const uuids = [
  {
    name: "uuid-in-path-as-it-came",
    breaks: "a uuid in a path is one in every spelling",
    file: "functions/shared/path-uuid.ts",
    find: '  return uuidOrItself(params["uuid"] ?? "");',
    replace: '  return (params["uuid"] ?? "") as Uuid;',
    tests: ["test/api/uuid-spellings.test.ts"],
  },
  {
    name: "uuid-in-key-as-it-came",
    breaks: "a key of a body is one uuid in every spelling",
    file: "lib/api/schemas.ts",
    find: "map(([key, each]) => [uuidOrItself(key), each])",
    replace: "map(([key, each]) => [key, each])",
    tests: ["test/api/uuid-spellings.test.ts"],
  },
  {
    name: "uuid-in-value-as-it-came",
    breaks: "a value of a body is one uuid in every spelling",
    file: "lib/api/schemas.ts",
    find: "    .overwrite(uuidOrItself)\n",
    replace: "",
    tests: ["test/api/uuid-spellings.test.ts"],
  },
  {
    name: "two-keys-of-one-uuid",
    breaks: "two keys of one object that are the same uuid are refused",
    file: "lib/api/schemas.ts",
    find: "        if (other === undefined) continue;",
    replace: "        if (other !== key) continue;",
    tests: ["test/api/uuid-spellings.test.ts"],
  },
  {
    name: "member-of-as-text",
    breaks: "aggregates of a query are compared as uuids",
    file: "lib/model/queries/member-of.ts",
    find: "    return uuid;\n",
    replace: "    return text.toLowerCase() as Uuid;\n",
    tests: ["test/api/uuid-spellings.test.ts", "test/api/provider-list.test.ts"],
  },
  {
    name: "spelling-of-aggregates-lost",
    breaks: "aggregates are shown as they were written",
    file: "lib/store/aggregate-attributes.ts",
    find: "  return written.filter((text) => !isCanonicalUuid(text));",
    replace: "  return written.slice(written.length);",
    tests: ["test/api/aggregates.test.ts"],
  },
  {
    name: "verifier-overlooks-spelling",
    breaks: "a consumer under another spelling is found",
    file: "lib/store/verify/rules/consumer.ts",
    find: "  if (canonical === undefined) return [];",
    replace: "  if (canonical !== uuid) return [];",
    tests: ["test/verify/verify-table.test.ts"],
  },
  {
    name: "look-ups-not-renamed",
    breaks: "a consumer that is renamed takes its look-up items along",
    file: "lib/store/rename-consumer.ts",
    find: "    ...lookupItems({ ...before, uuid }).map((made) =>",
    replace: "    ...lookupItems(before).map((made) =>",
    tests: ["test/verify/verify-table.test.ts"],
  },
];
