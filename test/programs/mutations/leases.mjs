/** Leases of consumers. */

/** @type {import("./list.mjs").Mutation[]} */
export const leases = [
  {
    name: "lease-not-compared",
    breaks: "of a renewal and a release exactly one wins",
    file: "lib/store/consumers/writes.ts",
    find: "    equals(consumer.leaseVersion, version),\n",
    replace: "",
    tests: ["test/consumers/lease-races.test.ts"],
  },
  {
    name: "no-lease-margin",
    breaks: "a lease is not released while its holder's clock says that it lasts",
    file: "lib/model/lease.ts",
    find: "now >= lease.term.expires + LEASE_MARGIN",
    replace: "now >= lease.term.expires",
    tests: ["test/consumers/lease-sweep.test.ts"],
  },
  {
    name: "no-grace-after-outage",
    breaks: "after an outage holders can renew before anything is released",
    file: "lib/store/maintenance/lease-guards.ts",
    find: "  return until !== undefined && now < until;",
    replace: "  return until !== undefined && now < 0;",
    tests: ["test/consumers/lease-sweep.test.ts"],
  },
];
