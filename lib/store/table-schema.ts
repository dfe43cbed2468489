/** The table's shape, for whoever creates it: the stack and the local engine. */
export const TABLE_SCHEMA = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Both keys are strings (`S`). Billing is on demand; there are no secondary indexes. */
  keyType: "S",
} as const;
