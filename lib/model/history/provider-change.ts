/** What the change of a provider tells. Claims on it are told of by their consumers. */
import type { Inventory } from "../inventory.ts";
import type { Provider, ProviderProfile, ProviderState } from "../provider.ts";
import type { ClassId } from "../standard-classes.ts";
import type { Uuid } from "../uuid.ts";
import { differencesOf, type Members, type Names, shownInventory } from "./differences.ts";
import type { ProviderEvent, Told } from "./event.ts";
import { fitting } from "./truncate.ts";

/** As much of a provider as a change may alter. */
export interface ProviderPart {
  readonly uuid: Uuid;
  readonly generation: number;
  /** Undefined: the change leaves them as they are. */
  readonly inventories?: ReadonlyMap<ClassId, Inventory> | undefined;
  readonly profile?: Profile | undefined;
}

type Profile = Pick<
  ProviderProfile,
  "name" | "parent" | "root" | "traits" | "aggregates" | "writtenAggregates"
>;

export interface ProviderChanged {
  readonly of: "provider";
  readonly event: ProviderEvent;
  readonly before: ProviderPart | undefined;
  readonly after: ProviderPart | undefined;
}

const inventoriesOf = ({ uuid, generation, inventories }: ProviderState): ProviderPart => ({
  uuid,
  generation,
  inventories,
});

const wholeOf = ({ state, profile }: Provider): ProviderPart => ({
  ...inventoriesOf(state),
  profile,
});

/** The creation, deletion, or any other change of a provider. */
export function providerChanged(
  what: "create" | "update" | "delete",
  before: Provider | undefined,
  after: Provider | undefined,
): ProviderChanged {
  return {
    of: "provider",
    event: `placement.resource_provider.${what}`,
    before: before && wholeOf(before),
    after: after && wholeOf(after),
  };
}

/** The change of a provider, and of the `others` below it that came to the root of `after` with it. */
export function moveChanged(
  before: Provider,
  after: Provider,
  others: readonly Provider[] = [],
): ProviderChanged[] {
  const { root } = after.profile;
  const following = others.map(({ state, profile }) =>
    providerChanged("update", { state, profile }, { state, profile: { ...profile, root } }),
  );
  return [providerChanged("update", before, after), ...following];
}

/** The change of a profile by a client. */
export function profileChanged(
  what: "traits" | "aggregates",
  before: Provider,
  after: Provider,
): ProviderChanged {
  const [from, to] = [before, after].map(({ state: { uuid, generation }, profile }) => {
    return { uuid, generation, profile };
  });
  return { of: "provider", event: `placement.${what}.update`, before: from, after: to };
}

/** The change of inventories by a client. */
export function inventoryChanged(before: ProviderState, after: ProviderState): ProviderChanged {
  const event = "placement.inventory.update";
  return { of: "provider", event, before: inventoriesOf(before), after: inventoriesOf(after) };
}

/** @returns undefined if nothing that is shown has changed */
export function toldOfProvider(
  { event, before, after }: ProviderChanged,
  names: Names,
): Told | undefined {
  const provider = after ?? before;
  if (provider === undefined) return undefined;
  const changes = differencesOf(
    before && membersOf(before, names),
    after && membersOf(after, names),
  );
  const isSame = before?.generation === after?.generation && Object.keys(changes).length === 0;
  if (isSame) return undefined;
  return {
    subject: provider.uuid,
    event,
    generationBefore: before?.generation ?? null,
    generationAfter: after?.generation ?? null,
    ...fitting(changes),
    project: null,
  };
}

function membersOf({ inventories, profile }: ProviderPart, names: Names): Members {
  return {
    ...(profile && {
      name: profile.name,
      parent_provider_uuid: profile.parent ?? null,
      root_provider_uuid: profile.root,
      traits: profile.traits.map(names.traitOf),
      aggregates: profile.writtenAggregates ?? profile.aggregates,
    }),
    ...(inventories && {
      inventories: Object.fromEntries(
        [...inventories].map(([id, each]) => [names.classOf(id), shownInventory(each)]),
      ),
    }),
  };
}

/** The classes that have to be named. */
export function classesOfProvider({ before, after }: ProviderChanged): number[] {
  return [before, after].flatMap((each) => [...(each?.inventories?.keys() ?? [])]);
}

/** The traits that have to be named. */
export function traitsOfProvider({ before, after }: ProviderChanged): number[] {
  return [before, after].flatMap((each) => each?.profile?.traits ?? []);
}
