/** Writes the two items of a provider together: both carry the profile's version. */
import type { Provider } from "../../model/provider.ts";
import { type GuardedWrite, guard, replan, type Verdict } from "../changes/guarded-write.ts";
import { hot, hotKey } from "../items/hot.ts";
import { profile, profileKey } from "../items/profile.ts";
import { add, type Change, type Clause, equals, set } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";

export interface ProfileChange {
  /** The profile's next version: see `nextVersion`. */
  readonly version: number;
  /** Changes of the profile. */
  readonly changes: readonly Change[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Changes of the hot item, beside its versions. */
  readonly hot?: {
    readonly changes: readonly Change[];
    readonly when: readonly Clause[];
    verdict(old: Item | undefined): Verdict;
  };
}

/** Gives the provider's profile its next version, if it is as it was read. */
export function profileWrites({ state, profile: known }: Provider, given: ProfileChange) {
  const { version } = given;
  const stale = () => replan;
  const writes: GuardedWrite[] = [
    guard(
      {
        kind: "update",
        key: hotKey(state.uuid),
        changes: [
          add(hot.revision, 1),
          set(hot.profileVersion, version),
          set(hot.updated, given.now),
          ...(given.hot?.changes ?? []),
        ],
        when: [equals(hot.profileVersion, known.version), ...(given.hot?.when ?? [])],
      },
      given.hot?.verdict ?? stale,
    ),
    guard(
      {
        kind: "update",
        key: profileKey(state.uuid),
        changes: [...given.changes, set(profile.version, version), set(profile.updated, given.now)],
        when: [equals(profile.version, known.version)],
      },
      stale,
    ),
  ];
  return writes;
}
