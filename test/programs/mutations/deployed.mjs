/** The played deployment, and what it alone shows of the stack. */

/** @type {import("./list.mjs").Mutation[]} */
export const deployed = [
  {
    name: "authorizer-without-the-secret",
    breaks: "the authorizer of Keystone's tokens may read its credential",
    file: "infra/endpoints/authorizer-function.ts",
    find: '      ...(endpoint.kind === "keystone" ? secretAccess(endpoint) : []),\n',
    replace: "",
    tests: ["test/deployed/endpoints.long.test.ts"],
    only: "the keystone endpoint",
  },
  {
    name: "played-roles-allow-everything",
    breaks: "a played function may do what its role allows, and nothing else",
    file: "test/programs/deployed/assembly/permissions.ts",
    find: '    return about.some(({ Effect, Condition }) => Effect === "Allow" && Condition === undefined);',
    replace: "    return true;",
    tests: ["test/deployed/security.test.ts"],
  },
  {
    name: "played-signatures-unchecked",
    breaks: "a played endpoint takes no signature that its principal did not make",
    file: "test/programs/deployed/gateway/signature.ts",
    find: "  if (!equal(own, signature)) return undefined;\n",
    replace: "",
    tests: ["test/deployed/security.test.ts"],
  },
];
