/** Who is believed, and who may do what. */

/** @type {import("./list.mjs").Mutation[]} */
export const access = [];
