/** The stack. */

/** @type {import("./list.mjs").Mutation[]} */
export const stack = [];
