/** What the client promises careful callers. */

/** @type {import("./list.mjs").Mutation[]} */
export const client = [
  {
    name: "client-repeats-writes-without-a-key",
    breaks: "a write whose answer was lost is repeated only under an idempotency key",
    file: "lib/client/client.ts",
    find: "const repeatable = isRead(id) || request.idempotencyKey !== undefined;",
    replace: "const repeatable = request.method !== undefined;",
    tests: ["test/client/calls.test.ts"],
    only: "a lost answer",
  },
  {
    name: "client-decides-on-a-guess",
    breaks: "a claim that met another's write is decided on what is held then",
    file: "lib/client/claims/claim.ts",
    find: "options.fresh === true && number === 1",
    replace: "options.fresh === true && number >= 1",
    tests: ["test/client/claims.test.ts"],
    only: "of a fresh consumer",
  },
  {
    name: "client-takes-a-wrong-url-for-a-release",
    breaks: "a release says that nothing was held only if the service says so",
    file: "lib/client/claims/release.ts",
    find: 'error.detail.includes("No allocations for consumer")',
    replace: "error.detail.length > 0",
    tests: ["test/client/claims.test.ts"],
    only: "at a wrong URL",
  },
];
