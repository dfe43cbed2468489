/**
 * Query strings. Repeated keys have a meaning in Placement, so the pairs are kept in order;
 * API Gateway's own map joins repeated keys with commas and is not used.
 */
export class Query {
  readonly pairs: readonly (readonly [key: string, value: string])[];

  constructor(pairs: Iterable<readonly [string, string]>) {
    this.pairs = [...pairs];
  }

  static parse(rawQueryString: string): Query {
    return new Query(rawQueryString === "" ? [] : new URLSearchParams(rawQueryString));
  }

  /** The last value of each key: what a schema validates. */
  last(): Record<string, string> {
    return Object.fromEntries(this.pairs);
  }

  all(key: string): string[] {
    return this.pairs.filter(([name]) => name === key).map(([, value]) => value);
  }
}
