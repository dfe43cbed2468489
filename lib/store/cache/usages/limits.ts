/** Which projects are kept, and when their consumers are read one by one. */
export interface UsageLimits {
  /** Consumers of a project, or of a user: fewer are read for less than the shard logs. */
  readonly least: number;
  /** Consumers of a project that is kept. */
  readonly most: number;
  /** Consumers of all projects that are kept. */
  readonly total: number;
  /** Projects that are kept. */
  readonly projects: number;
  /** Consumers in a full read of the project that cost as much as one that is read by its key. */
  readonly perKey: number;
  /**
   * Full reads that would not have been needed, had the consumers' providers been known, until
   * these are read for the first time: that costs as much as `perKey` full reads.
   */
  readonly avoidable: number;
}

/**
 * A function keeps some 500 bytes of a consumer: 20 MB at most.
 * @param paysUnits a unit shows some 24 consumers of a project, or one that is read by its key.
 *   The embedded engine takes four times as long for one by its key.
 */
export function usageLimits(paysUnits: boolean): UsageLimits {
  const kept = { most: 10_000, total: 40_000, projects: 32 };
  return paysUnits
    ? { ...kept, least: 500, perKey: 24, avoidable: 8 }
    : { ...kept, least: 200, perKey: 4, avoidable: 2 };
}
