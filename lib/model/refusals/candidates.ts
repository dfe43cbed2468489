/** Refusals of queries for allocation candidates. */
import { Refusal } from "../refusal.ts";
import { AnyTraitsTooEarly } from "./queries.ts";

const INVALID = "Invalid query string parameters:";

/** 1.25 to 1.35. */
export class NoRequestGroup extends Refusal {
  constructor() {
    const detail = "At least one request group (`resources` or `resources{$S}`) is required.";
    super({ status: 400, detail });
  }
}

/** From 1.36. */
export class NoResourcesAtAll extends Refusal {
  constructor() {
    const detail = "There must be at least one resources or resources[$S] parameter.";
    super({ status: 400, detail, code: "placement.query.missing_value" });
  }
}

/** @param keys as the query has them, for example `required2` */
export class OrphanedTraits extends Refusal {
  constructor(keys: readonly string[]) {
    const detail = `All traits parameters must be associated with resources.  Found the following orphaned traits keys: ${keys.join(", ")}`;
    super({ status: 400, detail });
  }
}

export class OrphanedMemberOf extends Refusal {
  constructor(keys: readonly string[]) {
    const detail = `All member_of parameters must be associated with resources. Found the following orphaned member_of keys: ${keys.join(", ")}`;
    super({ status: 400, detail });
  }
}

/** A group with nothing but in_tree or forbidden traits, up to 1.35. */
export class GroupWithoutResources extends Refusal {
  constructor() {
    super({ status: 400, detail: "All request groups must specify resources." });
  }
}

/** @param suffixes as a Python list */
export class ResourcelessGroupOutsideSubtree extends Refusal {
  constructor(suffixes: string) {
    const detail = `Resourceless suffixed group request should be specified in \`same_subtree\` query param: bad group(s) - ${suffixes}.`;
    super({ status: 400, detail, code: "placement.query.bad_value" });
  }
}

/** @param unknown and `known`: suffixes as Python lists */
export class UnknownSubtreeSuffix extends Refusal {
  constructor(unknown: string, known: string) {
    const detail = `Real suffixes should be specified in \`same_subtree\`: ${unknown} not found in ${known}.`;
    super({ status: 400, detail, code: "placement.query.bad_value" });
  }
}

export class EmptySubtreeSuffix extends Refusal {
  constructor() {
    const detail = "Empty string (unsuffixed group) can not be specified in `same_subtree`";
    super({ status: 400, detail, code: "placement.query.bad_value" });
  }
}

export class MissingGroupPolicy extends Refusal {
  constructor() {
    const detail = `The "group_policy" parameter is required when specifying more than one "resources{N}" parameter.`;
    super({ status: 400, detail });
  }
}

export class InTreeNotUuid extends Refusal {
  constructor(given: string) {
    const detail = `${INVALID} Expected 'in_tree' parameter to be a format of uuid. Got: ${given}`;
    super({ status: 400, detail });
  }
}

/** @param conflicts for example `required1: (HW_CPU_X86_VMX, CUSTOM_MAGIC)` */
export class ConflictingTraits extends Refusal {
  constructor(conflicts: readonly string[]) {
    const detail = `Conflicting required and forbidden traits found in the following traits keys: ${conflicts.join(", ")}`;
    super({ status: 400, detail });
  }
}

export class RepeatedRootRequired extends Refusal {
  constructor() {
    const detail = "Query parameter 'root_required' may be specified only once.";
    super({ status: 400, detail, code: "placement.query.duplicate_key" });
  }
}

export class ConflictingRootTraits extends Refusal {
  constructor(names: readonly string[]) {
    const detail = `Conflicting required and forbidden traits found in root_required: ${names.join(", ")}`;
    super({ status: 400, detail, code: "placement.query.bad_value" });
  }
}

/** Placement reports the same at every version, though it accepts this form at none. */
export class AnyTraitsInRootRequired extends AnyTraitsTooEarly {}

/** The first of several values counts, and the schema sees only the last one. */
export class BadFirstLimit extends Refusal {
  constructor(given: string) {
    super({ status: 400, detail: `${INVALID} limit must be a positive integer. Got: ${given}` });
  }
}

/** The first of several values counts, and the schema sees only the last one. */
export class BadFirstGroupPolicy extends Refusal {
  constructor(given: string) {
    const detail = `${INVALID} group_policy must be one of none, isolate. Got: ${given}`;
    super({ status: 400, detail });
  }
}

/** A query of candidates names traits that do not exist. */
export class UnknownTraitsInCandidates extends Refusal {
  constructor(names: readonly string[]) {
    super({ status: 400, detail: `No such trait(s): ${names.join(", ")}.` });
  }
}
