/** Who is believed, and who may do what. */

/** @type {import("./list.mjs").Mutation[]} */
export const access = [
  {
    name: "path-opens-an-operation",
    breaks: "an operation with a rule needs an identity, whatever path its event names",
    file: "lib/api/pipeline/steps.ts",
    find: '  return route === "$default" ? path === "/" : rule === undefined;',
    replace: '  return path === "/" || (route !== "$default" && rule === undefined);',
    tests: ["test/access/forged-events.test.ts"],
  },
  {
    name: "permit-without-identity",
    breaks: "no operation with a rule is carried out without an identity",
    file: "lib/api/pipeline/steps.ts",
    find: "  if (identity === undefined) throw new MissingIdentity();\n  const target",
    replace: "  if (identity === undefined) return;\n  const target",
    tests: ["test/access/forged-events.test.ts"],
  },
  {
    name: "event-says-what-it-is",
    breaks: "the alias that was invoked says whether an event is API Gateway's",
    file: "lib/api/lambda.ts",
    find: "        source: sourceOf(context.invokedFunctionArn),",
    replace:
      '        source:\n          typeof request.event === "object" && "requestContext" in (request.event as object)\n            ? "http"\n            : sourceOf(context.invokedFunctionArn),',
    tests: ["test/access/forged-events.test.ts"],
  },
  {
    name: "direct-requests-as-http",
    breaks: "a direct request is not taken on the alias of API Gateway",
    file: "lib/api/inbound.ts",
    find: '  if (source === "direct") {',
    replace: '  if (source === "direct" || !http) {',
    tests: ["test/access/forged-events.test.ts", "test/access/malformed-events.test.ts"],
  },
  {
    name: "events-unchecked",
    breaks: "an event that is no request is refused, and fails nothing",
    file: "lib/api/http-event.ts",
    find: "  if (parsed.success) return parsed.data;",
    replace: "  if (parsed.success || event !== null) return event as HttpEvent;",
    tests: ["test/access/malformed-events.test.ts"],
  },
  {
    name: "account-of-a-role-constant",
    breaks: "a role of another account is another role",
    file: "lib/api/iam-identity.ts",
    find: "{match[2]}:role/",
    replace: '{"123456789012"}:role/',
    tests: ["test/access/iam-identity.test.ts"],
  },
  {
    name: "id-of-a-role-ignored",
    breaks: "a role that was deleted and made again does not inherit",
    file: "lib/api/iam-identity.ts",
    find: "  return entry.id === id ? entry.roles : [];",
    replace: "  return entry.id === id || id !== undefined ? entry.roles : [];",
    tests: ["test/access/iam-identity.test.ts"],
  },
  {
    name: "direct-callers-are-admins",
    breaks: "direct callers have the configured roles and none beyond",
    file: "lib/api/pipeline/steps.ts",
    find: "    const roles = exchange.runtime.configuration.directRoles;",
    replace: '    const roles = [...exchange.runtime.configuration.directRoles, "admin"];',
    tests: ["test/access/direct-callers.test.ts"],
  },
  {
    name: "direct-callers-share-keys",
    breaks: "a key of one direct caller is not another one's",
    file: "lib/api/idempotency.ts",
    find: "  return name === undefined ? known : [...known, name];",
    replace: "  return name === undefined ? known : [...known];",
    tests: ["test/access/direct-callers.test.ts"],
  },
  {
    name: "legacy-admin-everywhere",
    breaks: "legacy gives admin no more than Placement does where rules are overridden",
    file: "lib/api/policy/rules.ts",
    find: "      return { ...secure, ...legacyRules() };",
    replace:
      '      return Object.fromEntries(\n        Object.entries({ ...secure, ...legacyRules() }).map(([name, check]) => [\n          name,\n          name === "admin_api" ? check : "(" + check + ") or role:admin",\n        ]),\n      );',
    tests: ["test/policy/oslo-differential.test.ts"],
  },
  {
    name: "requests-not-logged",
    breaks: "each request is one line of the log, refusals and early answers too",
    file: "lib/api/lambda.ts",
    find: "  return middy({ timeoutEarlyInMillis: 0, requestEnd: logRequest })",
    replace:
      "  return middy({ timeoutEarlyInMillis: 0 })\n    .use({ after: (request) => logRequest(request as Request) })",
    tests: ["test/access/request-log.test.ts"],
  },
  {
    name: "log-line-unbounded",
    breaks: "a line of the log is short, whatever a client puts in",
    file: "lib/api/pipeline/log.ts",
    find: "  return text?.slice(0, MAX_LOGGED) ?? null;",
    replace: "  return text ?? null;",
    tests: ["test/access/request-log.test.ts"],
  },
];
