/** The query parameter `required`: traits that a provider must have, or must not. */
import { type Minor, minor } from "../microversion.ts";
import { AnyTraitsForbidden, AnyTraitsTooEarly, BadRequired } from "../refusals/queries.ts";

/** Required and forbidden traits; `T` is a name or an id. */
export interface TraitFilter<T> {
  /** The provider has at least one of each set. */
  readonly anyOf: readonly (readonly T[])[];
  readonly forbidden: readonly T[];
}

const ANY = "in:";

/**
 * Reads `HW_CPU_X86_VMX,!CUSTOM_MAGIC` and, from 1.39, `in:A,B` and repeats of
 * the parameter; below, its last value counts.
 *
 * Source: Placement API reference, "List resource providers".
 * @throws BadRequired, AnyTraitsTooEarly, AnyTraitsForbidden
 */
export function parseRequired(values: readonly string[], version: Minor): TraitFilter<string> {
  const counted = version >= minor("1.39") ? values : values.slice(-1);
  const anyOf: string[][] = [];
  const forbidden: string[] = [];
  for (const value of counted) {
    if (value.startsWith(ANY)) {
      anyOf.push(anyTraits(value, version));
      continue;
    }
    const traits = traitsOf(value);
    if (traits.some((trait) => /^!*$/.test(trait))) throw emptyTrait(forms(version), value);
    for (const trait of traits) {
      if (!trait.startsWith("!")) anyOf.push([trait]);
      else if (version < minor("1.22")) throw new BadRequired(forms(version), `: ${value}`);
      else forbidden.push(trait.replace(/^!+/, ""));
    }
  }
  return { anyOf, forbidden };
}

function anyTraits(value: string, version: Minor): string[] {
  if (version < minor("1.39")) throw new AnyTraitsTooEarly(value);
  const traits = traitsOf(value.slice(ANY.length));
  if (traits.includes("")) throw emptyTrait(ANY_FORM, value);
  if (traits.some((trait) => trait.startsWith("!"))) throw new AnyTraitsForbidden(value);
  return traits;
}

function traitsOf(list: string): string[] {
  return [...new Set(list.split(",").map((trait) => trait.trim()))];
}

function emptyTrait(form: string, value: string): BadRequired {
  return new BadRequired(form, ` an empty trait in: ${value}`);
}

const ANY_FORM = "in:HW_CPU_X86_VMX,CUSTOM_MAGIC";

function forms(version: Minor): string {
  return version >= minor("1.22") ? "HW_CPU_X86_VMX,!CUSTOM_MAGIC" : "HW_CPU_X86_VMX,CUSTOM_MAGIC";
}

/** Whether a provider with `traits` passes. */
export function passesTraits<T>(traits: ReadonlySet<T>, filter: TraitFilter<T>): boolean {
  return (
    filter.anyOf.every((set) => set.some((trait) => traits.has(trait))) &&
    !filter.forbidden.some((trait) => traits.has(trait))
  );
}
