/** What a change tells of its subjects. */
import {
  type ConsumerChanged,
  classesOfConsumer,
  livesOf,
  toldOfConsumer,
} from "./consumer-change.ts";
import type { Names } from "./differences.ts";
import type { Told } from "./event.ts";
import {
  classesOfProvider,
  type ProviderChanged,
  toldOfProvider,
  traitsOfProvider,
} from "./provider-change.ts";

export type Changed = ConsumerChanged | ProviderChanged;

/** One for each event. */
export const eventsOf = (changed: readonly Changed[]): Changed[] =>
  changed.flatMap((each): Changed[] => (each.of === "consumer" ? livesOf(each) : [each]));

/** Undefined: there is nothing to tell. */
export const toldOf = (changed: Changed, names: Names): Told | undefined =>
  changed.of === "consumer" ? toldOfConsumer(changed, names) : toldOfProvider(changed, names);

export const classesOf = (changed: readonly Changed[]): number[] =>
  changed.flatMap((each) =>
    each.of === "consumer" ? classesOfConsumer(each) : classesOfProvider(each),
  );

export const traitsOf = (changed: readonly Changed[]): number[] =>
  changed.flatMap((each) => (each.of === "consumer" ? [] : traitsOfProvider(each)));
