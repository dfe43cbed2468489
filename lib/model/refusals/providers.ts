/** Refusals about resource providers. */
import { Refusal } from "../refusal.ts";
import type { Uuid } from "../uuid.ts";

/** A provider was not found. Some operations give the message a text of their own. */
export class ProviderNotFound extends Refusal {
  constructor(uuid: string, words: (sentence: string) => string = (sentence) => sentence) {
    const bare = `No resource provider with uuid ${uuid} found`;
    const detail = words(bare);
    super({ status: 404, detail, vary: detail !== bare });
  }
}

export class DuplicateProvider extends Refusal {
  constructor(what: string) {
    const detail = `Conflicting resource provider ${what} already exists.`;
    super({ status: 409, code: "placement.duplicate_name", detail });
  }
}

export class ProviderGenerationConflict extends Refusal {
  constructor() {
    const detail = "resource provider generation conflict";
    super({ status: 409, code: "placement.concurrent_update", detail });
  }
}

/** The same for traits and aggregates, with another message. */
export class StaleProviderGeneration extends Refusal {
  constructor() {
    const detail =
      "Resource provider's generation already changed. Please update the generation and try again.";
    super({ status: 409, code: "placement.concurrent_update", detail });
  }
}

export class ProviderInUse extends Refusal {
  constructor(uuid: Uuid) {
    const detail = `Unable to delete resource provider ${uuid}: Resource provider has allocations.`;
    super({ status: 409, code: "placement.resource_provider.inuse", detail });
  }
}

export class ProviderHasChildren extends Refusal {
  constructor(uuid: Uuid) {
    const detail = `Unable to delete parent resource provider ${uuid}: It has child resource providers.`;
    super({ status: 409, code: "placement.resource_provider.cannot_delete_parent", detail });
  }
}

/** The text around a refused parent, which differs between POST and PUT. */
export type ParentWords = (reason: string) => string;

export const creating =
  (name: string, uuid: Uuid): ParentWords =>
  (reason) =>
    `Unable to create resource provider "${name}", ${uuid}: ${reason}`;

export const saving =
  (uuid: Uuid): ParentWords =>
  (reason) =>
    `Unable to save resource provider ${uuid}: ${reason}`;

export class ParentNotFound extends Refusal {
  constructor(words: ParentWords) {
    const reason = "Object action create failed because: parent provider UUID does not exist.";
    super({ status: 400, detail: words(reason) });
  }
}

export class ParentIsItself extends Refusal {
  constructor(words: ParentWords) {
    const reason =
      "Object action create failed because: parent provider UUID cannot be same as UUID. Please set parent provider UUID to None if there is no parent.";
    super({ status: 400, detail: words(reason) });
  }
}

export class ParentMakesLoop extends Refusal {
  constructor(words: ParentWords) {
    const reason =
      "Object action update failed because: creating loop in the provider tree is not allowed.";
    super({ status: 400, detail: words(reason) });
  }
}

/** Below 1.37 a provider that has a parent keeps it. */
export class ReparentingTooEarly extends Refusal {
  constructor(words: ParentWords, unparenting: boolean) {
    const what = unparenting ? "un-parenting" : "re-parenting";
    const reason = `Object action update failed because: ${what} a provider is not currently allowed.`;
    super({ status: 400, detail: words(reason) });
  }
}

/** Providers in one tree: its shape is one item. */
export const MAX_TREE_SIZE = 2_500;

export class TreeTooLarge extends Refusal {
  constructor(words: ParentWords) {
    const reason = `a tree holds at most ${MAX_TREE_SIZE} providers.`;
    super({ status: 400, detail: words(reason) });
  }
}
