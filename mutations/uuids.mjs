/** One uuid in all its spellings. */

/** @type {import("./list.mjs").Mutation[]} */
export const uuids = [];
