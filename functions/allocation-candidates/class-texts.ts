/** The names of classes as members of JSON objects. */
import { jsonString } from "../../lib/model/json-text.ts";
import type { ClassId } from "../../lib/model/standard-classes.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";

export class ClassTexts {
  readonly #names: NameDirectory;
  readonly #known = new Map<ClassId, string | undefined>();

  constructor(names: NameDirectory) {
    this.#names = names;
  }

  /** `"VCPU":`; undefined for a class that was deleted meanwhile. */
  keyOf(id: ClassId): string | undefined {
    const known = this.#known.get(id);
    if (known !== undefined || this.#known.has(id)) return known;
    const name = this.#names.nameOf(id);
    const made = name === undefined ? undefined : `${jsonString(name)}:`;
    this.#known.set(id, made);
    return made;
  }
}
