/** The local server and its engine. */

/** @type {import("./list.mjs").Mutation[]} */
export const localServer = [];
