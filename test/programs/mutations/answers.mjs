/** What answers say, and how large they may be. */

const SIZES = ["test/protocol/answer-sizes.test.ts"];
const CODINGS = ["test/protocol/compression.test.ts"];
const BOUNDS = ["test/candidates/bounds.test.ts"];

/** One for each folder: a body's schema that takes what it does not know. */
const OPEN_BODIES = [
  ["aggregates", "const versioned = z.strictObject({"],
  ["allocations", "const held = z.strictObject({"],
  ["consumers", "const update = z.strictObject({"],
  ["inventories", "const inventoryRecord = z.strictObject("],
  ["provider-traits", "const replace = z.strictObject({"],
  ["reshaper", '"1.38": z.strictObject({'],
  ["resource-classes", "const namedClass = z.strictObject({"],
  ["resource-providers", '"1.14": z.strictObject({ ...update'],
];

/** @type {import("./list.mjs").Mutation[]} */
export const answers = [
  {
    name: "answers-are-cut",
    breaks: "no answer has less than was asked for without a word",
    file: "functions/allocation-candidates/document.ts",
    find: "allocation_requests: candidates.map(",
    replace: "allocation_requests: candidates.slice(0, 746).map(",
    tests: ["test/protocol/large-answers.long.test.ts"],
    only: "allocation-candidates",
  },
  {
    name: "no-limit-of-answers",
    breaks: "an answer that a function cannot return is refused",
    file: "lib/api/pipeline/respond.ts",
    find: "if (!fits(result, body)) throw tooLarge(context);",
    replace: "",
    tests: SIZES,
  },
  {
    name: "size-without-escapes",
    breaks: "a result is measured as Lambda counts it",
    file: "lib/api/payload.ts",
    find: "return jsonBytes(payload) <= LIMITS.payloadBytes;",
    replace: "return bodyLength + around <= LIMITS.payloadBytes;",
    tests: SIZES,
  },
  {
    name: "narrow-characters",
    breaks: "a result is measured where its characters may be wide",
    file: "lib/api/payload.ts",
    find: "const WIDEST = 6;",
    replace: "const WIDEST = 1;",
    tests: SIZES,
  },
  {
    name: "no-limit-of-events",
    breaks: "a request is measured with everything that its event has",
    file: "lib/local/gateway.ts",
    find: "if (!fitsPayload(event, event.body?.length ?? 0)) throw",
    replace: "if ((event.body?.length ?? 0) > LIMITS.payloadBytes) throw",
    tests: ["test/local-server/event-size.test.ts"],
  },
  {
    name: "refused-after-a-write",
    breaks: "no write that was made is told to be refused",
    file: "lib/api/pipeline/respond.ts",
    find: "if (!isRead(operation)) return",
    replace: "if (context === undefined) return",
    tests: SIZES,
  },
  {
    name: "errors-of-any-size",
    breaks: "an error is told however much it repeats of the request",
    file: "lib/api/pipeline/respond.ts",
    find: "if (fits(result, outcome.body)) return result;",
    replace: "if (outcome.status > 0) return result;",
    tests: SIZES,
  },
  {
    name: "gzip-for-everybody",
    breaks: "only who accepts gzip gets it",
    file: "lib/api/pipeline/coding.ts",
    find: 'return negotiator.encodings(["gzip"]).length > 0;',
    replace: 'return acceptEncoding.includes("gzip");',
    tests: CODINGS,
  },
  {
    name: "coding-untold",
    breaks: "caches are told that an answer depends on Accept-Encoding",
    file: "lib/api/pipeline/finish.ts",
    find: "if (vary?.includes(CODING_HEADER)) return;",
    replace: 'if (vary !== "") return;',
    tests: CODINGS,
  },
  {
    name: "one-tag-for-both-codings",
    breaks: "a strong tag stands for one form of the document",
    file: "lib/api/prepared.ts",
    find: '-gzip"`',
    replace: '"`',
    tests: ["test/documents/caching.test.ts"],
  },
  {
    name: "truncated-untold",
    breaks: "an answer that a bound of ours ended says so",
    file: "functions/allocation-candidates/list.ts",
    find: "...(truncated === undefined ? {} : {",
    replace: "...(truncated !== undefined ? {} : {",
    tests: BOUNDS,
  },
  {
    name: "truncated-at-the-bound",
    breaks: "as many candidates as an answer may have are all of them",
    file: "lib/model/candidates/bounded.ts",
    find: "Math.min(asked, maxCandidates + 1)",
    replace: "Math.min(asked, maxCandidates)",
    tests: BOUNDS,
  },
  {
    name: "search-without-end",
    breaks: "a search has a bound on its work",
    file: "functions/allocation-candidates/list.ts",
    find: "const { maxCandidates, maxCandidateWork: maxWork, randomizeCandidates } = configuration;",
    replace:
      "const { maxCandidates, randomizeCandidates } = configuration;\n    const maxWork = Number.POSITIVE_INFINITY;",
    tests: BOUNDS,
  },
  {
    name: "markup-of-clients",
    breaks: "an error in HTML has no markup of a client's",
    file: "lib/api/error-document.ts",
    find: "const text = escapeHtml(detail).",
    replace: "const text = detail.",
    tests: ["test/hostile/html.test.ts"],
  },
  {
    name: "open-direct-requests",
    breaks: "a direct invocation has no property that nobody knows",
    file: "lib/api/direct.ts",
    find: "z.strictObject({",
    replace: "z.object({",
    tests: ["test/hostile/closed-bodies.test.ts"],
  },
  ...OPEN_BODIES.map(([folder, find = ""]) => ({
    name: `open-bodies-${folder}`,
    breaks: "a body has no member that its version does not know",
    file: `functions/${folder}/schemas.ts`,
    find,
    replace: find.replace("z.strictObject", "z.object"),
    tests: ["test/hostile/closed-bodies.test.ts"],
  })),
];
