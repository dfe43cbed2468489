/** The local server and its engine. */

/** @type {import("./list.mjs").Mutation[]} */
export const localServer = [
  {
    name: "any-host",
    breaks: "a page whose name got the address of this machine is refused",
    file: "lib/local/hosts.ts",
    find: "  for (const each of named) if (!accepts(each)) throw new MisdirectedRequest(each);\n",
    replace: "  for (const each of named) accepts(each);\n",
    tests: ["test/local-server/pages.test.ts"],
  },
  {
    name: "host-of-the-header-alone",
    breaks: "a request's target names no other server than its header does",
    file: "lib/local/hosts.ts",
    find: "const named = target === undefined ? hosts : [target, ...hosts];",
    replace: "const named = target === undefined ? hosts : [...hosts];",
    tests: ["test/local-server/pages.test.ts"],
  },
  {
    name: "page-of-any-origin",
    breaks: "a page of another origin is refused, and nothing is written",
    file: "lib/local/origins.ts",
    find: "  if (find()?.rule !== undefined) throw",
    replace: '  if (find()?.rule === "never") throw',
    tests: ["test/local-server/pages.test.ts"],
  },
  {
    name: "engine-where-pages-look",
    breaks: "the engine listens where no page finds it",
    file: "lib/local/loopback.ts",
    find: "  const host = randomLoopback(random);\n",
    replace: "  const host = ONLY;\n  void random;\n",
    tests: ["test/local-server/engine.test.ts"],
  },
  {
    name: "data-folder-stays-open",
    breaks: "no other user looks into the data folder, whoever made it",
    file: "lib/local/private-folder.ts",
    find: "    if ((mode & OTHERS) === 0) return;\n",
    replace: "    if (mode > 0) return;\n",
    tests: ["test/local-server/data-folder.test.ts"],
  },
  {
    name: "links-are-followed",
    breaks: "a link in the data folder changes no file elsewhere",
    file: "lib/local/private-folder.ts",
    find: "open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)",
    replace: "open(path, O_RDONLY | O_NONBLOCK)",
    tests: ["test/local-server/data-folder.test.ts"],
  },
  {
    name: "engine-makes-open-files",
    breaks: "the engine's files are for their user alone",
    file: "lib/local/watched-process.ts",
    find: "\numask 077\n",
    replace: "\numask 022\n",
    tests: ["test/local-server/program.test.ts"],
    only: "keeps its data for its user alone",
  },
];
