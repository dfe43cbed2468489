/** What a process that serves for long knows of its own requests. A function has none of it. */

export interface OperationRequests {
  /** The operation's id; `none` for what was refused before its route was looked up. */
  readonly operation: string;
  readonly count: number;
  /** Of these, answers from 500. */
  readonly errors: number;
  /** Milliseconds, about: of half and of 99 in 100 of them; undefined while nothing is measured. */
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

/** Answers from 400 to 499. */
export interface RefusedRequests {
  readonly status: number;
  /** As in the error document. */
  readonly code: string;
  readonly count: number;
}

export interface RequestsReport {
  /** Milliseconds since 1970: when counting began. */
  readonly since: number;
  readonly operations: readonly OperationRequests[];
  readonly refusals: readonly RefusedRequests[];
}

export type OwnRequests = () => Promise<RequestsReport>;
