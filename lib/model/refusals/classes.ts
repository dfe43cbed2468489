/** Refusals about resource classes. */
import { Refusal } from "../refusal.ts";

export class ClassNotFound extends Refusal {
  constructor(name: string) {
    super({ status: 404, detail: `No such resource class ${name}.`, vary: false });
  }
}

export class ClassExists extends Refusal {
  constructor(name: string) {
    super({ status: 409, detail: `Conflicting resource class already exists: ${name}` });
  }
}

/** A rename to a name that is taken. */
export class ClassNameTaken extends Refusal {
  constructor(name: string) {
    super({ status: 409, detail: `Resource class already exists: ${name}` });
  }
}

export class ClassInUse extends Refusal {
  constructor(name: string) {
    const reason = `Cannot delete resource class ${name}. Class is in use in inventory.`;
    super({ status: 409, detail: `Error in delete resource class: ${reason}` });
  }
}

export class StandardClass extends Refusal {
  constructor(action: "update" | "delete", name: string) {
    const detail =
      action === "update"
        ? `Cannot update standard resource class ${name}`
        : `Error in delete resource class: Cannot delete standard resource class ${name}.`;
    super({ status: 400, detail });
  }
}
