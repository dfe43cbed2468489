/** What a claim by query asks for, and what it gives. */
import type { Candidate } from "../../model/candidates/candidate.ts";
import type { CandidateQuery } from "../../model/candidates/query.ts";
import type { SearchedInVain } from "../../model/claims/choose.ts";
import type { Consumer } from "../../model/consumer.ts";
import type { MaybeGeneration } from "../../model/refusals/consumers.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { NameDirectory } from "../cache/names.ts";

/** A consumer that is new, with generation null, or holds nothing. */
export interface ClaimingConsumer {
  readonly uuid: Uuid;
  readonly generation: MaybeGeneration;
  readonly project: string;
  readonly user: string;
  /** Undefined keeps what the consumer has; null: none. */
  readonly type: string | null | undefined;
  /** Milliseconds for which a lease begins; undefined: the lease stays as it is, if there is one. */
  readonly lease?: number | undefined;
}

export interface QueryClaim {
  /** Each uuid once. */
  readonly consumers: readonly ClaimingConsumer[];
  /** By preference. */
  readonly alternatives: readonly CandidateQuery[];
}

export interface ClaimedConsumer {
  readonly consumer: Consumer;
  readonly mappings: Candidate["mappings"];
}

export interface ClaimedByQuery {
  /** The number of the alternative, from 0. */
  readonly alternative: number;
  /** Candidates that were tried, from 1. */
  readonly tries: number;
  /** In the order of the request. */
  readonly consumers: readonly ClaimedConsumer[];
  /** Of the classes that are held. */
  readonly classes: NameDirectory;
}

export interface QueryClaimOptions {
  /** Search steps of one try. */
  readonly maxWork: number;
  /** What a refusal says of each alternative; undefined: nothing. */
  readonly explain: ((searched: SearchedInVain) => Promise<unknown>) | undefined;
}
