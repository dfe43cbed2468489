/** Lost answers, tokens, heads and keys of repeated writes. */

/** @type {import("./list.mjs").Mutation[]} */
export const outcomes = [
  {
    name: "token-of-each-attempt",
    breaks: "a lost answer never makes a success look like a refusal",
    file: "lib/store/transact.ts",
    find: "send(new TransactWriteCommand(this.#input))",
    replace:
      "send(new TransactWriteCommand({ ...this.#input, ClientRequestToken: this.#context.random.uuid() }))",
    tests: ["test/store/deadlines.test.ts"],
  },
  {
    name: "no-token",
    breaks: "every write carries a token",
    file: "lib/store/transact.ts",
    find: "      ClientRequestToken: context.random.uuid(),\n",
    replace: "",
    tests: ["test/store/deadlines.test.ts"],
  },
  {
    name: "lost-answer-is-failure",
    breaks: "an unknown outcome is told as unknown",
    file: "lib/store/transact.ts",
    find: 'if (fault.kind === "ambiguous" || fault.kind === "in_progress") this.#uncertain = true;',
    replace: 'if (fault.kind === "ambiguous") throw new Busy();',
    tests: ["test/store/lost-answers.test.ts"],
  },
  {
    name: "conflict-is-success",
    breaks: "no write is acknowledged that was not made",
    file: "lib/store/transact.ts",
    find: '        if (fault.kind === "too_large") throw new ItemTooLarge();\n',
    replace:
      '        if (fault.kind === "conflict") return { kind: "done" };\n        if (fault.kind === "too_large") throw new ItemTooLarge();\n',
    tests: ["test/store/deadlines.test.ts"],
  },
  {
    name: "cut-answer-is-refusal",
    breaks: "an answer that cannot be read says nothing about what was done",
    file: "lib/store/faults.ts",
    find: " || isUnreadable(error)",
    replace: "",
    tests: ["test/store/deadlines.test.ts"],
  },
];
