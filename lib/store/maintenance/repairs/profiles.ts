/**
 * Repairs of items that must agree with a provider's profile, which is authoritative for its
 * version and name.
 */
import type { Uuid } from "../../../model/uuid.ts";
import { guard, replan } from "../../changes/guarded-write.ts";
import { hot, hotKey, stateOf } from "../../items/hot.ts";
import { profile, profileKey, profileOf } from "../../items/profile.ts";
import {
  guardedName,
  nameItem,
  nameKey,
  providerName,
  providerOfName,
} from "../../items/provider-name.ts";
import type { Plan, Store } from "../../store.ts";
import { absent, add, equals, set } from "../../table/expressions.ts";
import type { Key } from "../../table/item.ts";
import type { Repair } from "./outcome.ts";

/** Holds while the profile is as it was read. */
export function sameProfile(uuid: Uuid, version: number) {
  const when = [equals(profile.version, version)];
  return guard({ kind: "check", key: profileKey(uuid), when }, () => replan);
}

/** Sets the version in the hot item to that of the profile. */
export async function repairProfileVersion(store: Store, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const item = await store.get(key);
    const known = item && profileOf(item);
    const stored = known && (await store.get(hotKey(known.uuid)));
    if (known === undefined || stored === undefined) return { writes: [], result: "sound" };
    const { uuid, profileVersion, revision } = stateOf(stored);
    if (profileVersion === known.version) return { writes: [], result: "sound" };
    const write = guard(
      {
        kind: "update",
        key: hotKey(uuid),
        changes: [set(hot.profileVersion, known.version), add(hot.revision, 1)],
        when: [equals(hot.revision, revision)],
      },
      () => replan,
    );
    return { writes: [sameProfile(uuid, known.version), write], result: "repaired" };
  });
}

/** Writes a missing or wrong name guard. If two providers have the name, the operator must decide. */
export async function putGuard(store: Store, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const item = await store.get(key);
    if (item === undefined) return { writes: [], result: "sound" };
    const { uuid, name, version } = profileOf(item);
    const guarded = await store.get(nameKey(name));
    const put = (write: Parameters<typeof guard>[0]): Plan<Repair> => ({
      writes: [sameProfile(uuid, version), guard(write, () => replan)],
      result: "repaired",
    });
    if (guarded === undefined) {
      return put({ kind: "put", item: nameItem(name, uuid), when: [absent("pk")] });
    }
    const holder = providerOfName(guarded);
    if (holder === uuid) return { writes: [], result: "sound" };
    const other = await store.get(profileKey(holder));
    if (other !== undefined && profileOf(other).name === name)
      return { writes: [], result: "left" };
    // No other writer replaces a guard: a provider takes a name only if its guard is absent.
    return put({
      kind: "put",
      item: nameItem(name, uuid),
      when: [equals(providerName.provider, holder)],
    });
  });
}

/** Removes a guard whose provider is gone, or has another name. */
export async function removeGuard(store: Store, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const item = await store.get(key);
    if (item === undefined) return { writes: [], result: "sound" };
    const holder = providerOfName(item);
    const stored = await store.get(profileKey(holder));
    const known = stored && profileOf(stored);
    if (known !== undefined && known.name === guardedName(key)) {
      return { writes: [], result: "sound" };
    }
    const still =
      known === undefined
        ? guard({ kind: "check", key: profileKey(holder), when: [absent("pk")] }, () => replan)
        : sameProfile(holder, known.version);
    const gone = { kind: "delete", key, when: [equals(providerName.provider, holder)] } as const;
    return { writes: [still, guard(gone, () => replan)], result: "repaired" };
  });
}
