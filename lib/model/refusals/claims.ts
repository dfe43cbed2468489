/** Refusals of claims by query. */
import { Refusal } from "../refusal.ts";
import type { Uuid } from "../uuid.ts";

/** A claim by query is for new and for idle consumers. */
export class ConsumerInUse extends Refusal {
  constructor(consumer: Uuid) {
    const detail = `Consumer ${consumer} holds allocations. A claim by query takes a consumer that holds nothing.`;
    super({ status: 409, code: "placement.claim.consumer_in_use", detail });
  }
}

/** @param explanations by alternative, if the request asks for them */
export class NoCandidateLeft extends Refusal {
  readonly explanations: readonly unknown[] | undefined;
  constructor(explanations?: readonly unknown[]) {
    const detail =
      "No alternative has an allocation candidate for each consumer. Nothing was written.";
    super({ status: 409, code: "placement.claim.no_candidates", detail });
    this.explanations = explanations;
  }
}

/** The limit on work ended the search before it was known whether there is a candidate. */
export class SearchUnfinished extends Refusal {
  constructor() {
    const detail =
      "The search reached its limit on work before a candidate was found; nothing was written.";
    super({ status: 503, code: "placement.claim.search_unfinished", detail, retryAfter: 1 });
  }
}
