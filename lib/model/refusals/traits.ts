/** Refusals about traits. */
import { Refusal } from "../refusal.ts";

export class TraitNotFound extends Refusal {
  constructor(name: string) {
    super({ status: 404, detail: `No such trait(s): ${name}.` });
  }
}

/** A provider is to have traits that do not exist. */
export class UnknownTraits extends Refusal {
  constructor(names: readonly string[]) {
    super({ status: 400, detail: `No such trait ${names.join(", ")}` });
  }
}

export class InvalidTraitName extends Refusal {
  constructor() {
    const detail =
      'The trait is invalid. A valid trait must be no longer than 255 characters, start with the prefix "CUSTOM_" and use following characters: "A"-"Z", "0"-"9" and "_"';
    super({ status: 400, detail });
  }
}

export class StandardTrait extends Refusal {
  constructor(name: string) {
    super({ status: 400, detail: `Cannot delete standard trait ${name}.` });
  }
}

export class TraitInUse extends Refusal {
  constructor(name: string) {
    super({ status: 409, detail: `The trait ${name} is in use by a resource provider.` });
  }
}

export class BadTraitsName extends Refusal {
  constructor(given: string) {
    const detail = `Badly formatted name parameter. Expected name query string parameter in form: ?name=[in|startswith]:[name1,name2|prefix]. Got: "${given}"`;
    super({ status: 400, detail });
  }
}

export class BadAssociated extends Refusal {
  constructor() {
    const detail = 'The query parameter "associated" only accepts "true" or "false"';
    super({ status: 400, detail });
  }
}
