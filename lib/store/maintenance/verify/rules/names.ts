/** A custom class or trait: its id is a custom one, below the next id. */

import { FIRST_CUSTOM_ID } from "../../../../model/standard-classes.ts";
import { read } from "../../../items/attributes.ts";
import { customNameOf } from "../../../items/custom-name.ts";
import { allNames, NAMES_KEY } from "../../../items/names.ts";
import { isCount } from "../../../items/versions.ts";
import { finding } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const customNameRule: Rule = {
  needs: () => ({ keys: [NAMES_KEY] }),
  check(item, near) {
    const { name, id, users } = customNameOf(item);
    const stored = near.get(NAMES_KEY);
    const next: unknown = stored && read(stored, allNames.next);
    const found = [];
    if (!isCount(id) || id < FIRST_CUSTOM_ID || !isCount(next) || id >= next) {
      const what = `${item.pk} ${name} has id ${id}, and the next one is ${next}`;
      found.push(finding("name-ids", what, item, NAMES_KEY));
    }
    if (!isCount(users)) {
      found.push(finding("malformed", `${item.pk} ${name} counts ${users} providers`, item));
    }
    return found;
  },
};
