/** The table's schema, for the stack and for the local engine. */
export const TABLE_SCHEMA = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Both keys are strings (`S`). Billing is on demand; there are no secondary indexes. */
  keyType: "S",
  /** Items with it are deleted some time after it; seconds since 1970. */
  timeToLive: "ttl",
} as const;
