/** Refusals of query parameters whose syntax exceeds what a schema can express. */
import { Refusal } from "../refusal.ts";

const INVALID = "Invalid query string parameters:";

/** The part between commas that is badly formed. */
export class BadlyFormedResources extends Refusal {
  constructor(given: string) {
    const detail = `Badly formed resources parameter. Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024. Got: ${given}.`;
    super({ status: 400, detail });
  }
}

export class AmountNotInteger extends Refusal {
  constructor(name: string, given: string) {
    const detail = `Requested resource ${name} expected positive integer amount. Got: ${given}.`;
    super({ status: 400, detail });
  }
}

export class AmountTooSmall extends Refusal {
  constructor(name: string, given: string) {
    const detail = `Requested resource ${name} requires amount >= 1. Got: ${given}.`;
    super({ status: 400, detail });
  }
}

/** @param forms traits as the version accepts them, for the message */
export class BadRequired extends Refusal {
  constructor(forms: string, got: string) {
    const detail = `${INVALID} Expected 'required' parameter value of the form: ${forms}. Got${got}`;
    super({ status: 400, detail });
  }
}

const ANY_FORM = "The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC'";

export class AnyTraitsTooEarly extends Refusal {
  constructor(given: string) {
    const detail = `${INVALID} ${ANY_FORM} only supported since microversion 1.39. Got: ${given}`;
    super({ status: 400, detail });
  }
}

export class AnyTraitsForbidden extends Refusal {
  constructor(given: string) {
    const detail = `${INVALID} ${ANY_FORM} does not support forbidden traits. Got: ${given}`;
    super({ status: 400, detail });
  }
}

export class RepeatedMemberOf extends Refusal {
  constructor(suffix: string) {
    super({ status: 400, detail: `Multiple member_of${suffix} parameters are not supported` });
  }
}

export class ForbiddenMemberOfTooEarly extends Refusal {
  constructor(suffix: string) {
    const detail = `Forbidden member_of${suffix} parameters are not supported in the specified microversion`;
    super({ status: 400, detail });
  }
}

export class MemberOfWithoutIn extends Refusal {
  constructor(given: string) {
    const detail = `Multiple values for 'member_of' must be prefixed with the 'in:' or '!in:' keyword using the valid microversion. Got: ${given}`;
    super({ status: 400, detail });
  }
}

export class MemberOfNotUuid extends Refusal {
  constructor(given: string) {
    const detail = `${INVALID} Expected 'member_of' parameter to contain valid UUID(s). Got: ${given}`;
    super({ status: 400, detail });
  }
}

/** A query names a class that does not exist. */
export class UnknownClassInQuery extends Refusal {
  constructor(name: string) {
    const detail = `Invalid resource class in resources parameter: No such resource class ${name}.`;
    super({ status: 400, detail });
  }
}

/** A query of providers names traits that do not exist. */
export class UnknownTraitsInQuery extends Refusal {
  constructor(names: readonly string[]) {
    const detail = `Invalid trait(s) in "required" parameter: No such trait(s): ${names.join(", ")}.`;
    super({ status: 400, detail });
  }
}
