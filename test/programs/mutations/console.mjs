/** The console, and the state of the service that it shows. */

/** @type {import("./list.mjs").Mutation[]} */
export const consoles = [
  {
    name: "verification-of-a-part-kept",
    breaks: "a verification is told only if all of it is known",
    file: "functions/maintenance/verify-table.ts",
    find: "from === undefined ? emptyTally(store.clock.now()) : kept?.tally",
    replace: "kept?.tally ?? emptyTally(store.clock.now())",
    tests: ["test/status/table.test.ts"],
  },
  {
    name: "status-of-renewed-leases",
    breaks: "a lease that was renewed has not expired, wherever it is listed",
    file: "lib/store/status/read.ts",
    find: "until - (lease?.term?.expires ?? until)",
    replace: "until - (lease?.term?.listed ?? until)",
    tests: ["test/status/table.test.ts"],
  },
  {
    name: "console-for-any-host",
    breaks: "a page whose domain leads to this server gets no file of it",
    file: "lib/local/console/site.ts",
    find: "    checkHost(request, accepts);\n",
    replace: "    void accepts;\n",
    tests: ["test/console-server/site.test.ts"],
  },
  {
    name: "own-origin-without-its-scheme",
    breaks: "pages of the origin that browsers see may use the server, and no other's",
    file: "lib/local/origins.ts",
    find: "`${scheme}://${host}`",
    replace: "`http://${host}`",
    tests: ["test/console-server/site.test.ts"],
  },
  {
    name: "text-in-the-policy",
    breaks: "an origin in the console's policy is one that browsers send",
    file: "lib/api/console/config.ts",
    find: " && new URL(text).origin === text",
    replace: "",
    tests: ["test/console-server/program.test.ts"],
    only: "the options",
  },
  {
    name: "api-pages-run",
    breaks: "an error document of the API runs nothing on the console's origin",
    file: "infra/console/headers.ts",
    find: "\"default-src 'none'; frame-ancestors 'none'\"",
    replace: "\"frame-ancestors 'none'\"",
    tests: ["test/stack/console.long.test.ts"],
    only: "the API",
  },
];
