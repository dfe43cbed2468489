/** What answers say, and how large they may be. */

/** @type {import("./list.mjs").Mutation[]} */
export const answers = [];
