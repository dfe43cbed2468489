/** A name guard: its provider exists and has the name. */

import { profileKey, profileOf } from "../../../items/profile.ts";
import { guardedName, nameKey, providerOfName } from "../../../items/provider-name.ts";
import { finding } from "../finding.ts";
import type { Rule } from "../rule.ts";
import { misplaced } from "./placed.ts";

export const nameGuardRule: Rule = {
  needs: (item) => ({ keys: [profileKey(providerOfName(item))] }),
  check(item, near) {
    const name = guardedName(item);
    const key = profileKey(providerOfName(item));
    const profile = near.get(key);
    const found = misplaced(item, nameKey(name));
    if (profile !== undefined && profileOf(profile).name === name) return found;
    const called = profile === undefined ? "is absent" : `is called '${profileOf(profile).name}'`;
    const what = `the name '${name}' is held by ${providerOfName(item)}, which ${called}`;
    return [...found, finding("name-orphan", what, item, key)];
  },
};
