/** Ranges of microversions, and their notation in the document. */
import {
  MAX_MINOR,
  type Minor,
  minor,
  type VersionText,
  versionText,
} from "../../model/microversion.ts";

export interface Ranged<T> {
  readonly from: Minor;
  readonly to: Minor;
  readonly value: T;
}

/**
 * The entries of `byVersion` with the range of versions to which each applies, from `since`
 * on. Adjacent entries that are equal by `same` are merged.
 */
export function ranges<T>(
  byVersion: Readonly<Record<VersionText, T>>,
  since: VersionText,
  same: (a: T, b: T) => boolean = Object.is,
): Ranged<T>[] {
  const starts = Object.entries(byVersion)
    .map(([text, value]) => ({ from: minor(text as VersionText), value }))
    .sort((a, b) => a.from - b.from);
  const found: Ranged<T>[] = [];
  for (const [index, { from, value }] of starts.entries()) {
    const to = (starts[index + 1]?.from ?? MAX_MINOR + 1) - 1;
    if (to < minor(since)) continue;
    const last = found.at(-1);
    if (last !== undefined && same(last.value, value)) found[found.length - 1] = { ...last, to };
    else found.push({ from: Math.max(from, minor(since)), to, value });
  }
  return found;
}

export function mapVersions<A, B>(
  byVersion: Readonly<Record<VersionText, A>>,
  change: (value: A) => B,
): Record<VersionText, B> {
  const entries = Object.entries(byVersion).map(([since, value]) => [since, change(value)]);
  return Object.fromEntries(entries) as Record<VersionText, B>;
}

/** From the first version of `given` to the last. */
export function spanOf(given: readonly { readonly from: Minor; readonly to: Minor }[]) {
  return {
    from: Math.min(...given.map(({ from }) => from)),
    to: Math.max(...given.map(({ to }) => to)),
  };
}

/**
 * The versions to which a part of the document applies, with the keys of OpenStack's own
 * OpenAPI documents. The end is omitted if it is the newest version.
 */
export function versionNote({ from, to }: { from: Minor; to: Minor }) {
  return {
    "min-ver": versionText(from),
    ...(to === MAX_MINOR ? {} : { "max-ver": versionText(to) }),
  };
}

/** For readers: "1.8 to 1.11", "since 1.38". */
export function versionRange({ from, to }: { from: Minor; to: Minor }): string {
  if (to === MAX_MINOR) return `since ${versionText(from)}`;
  return from === to ? versionText(from) : `${versionText(from)} to ${versionText(to)}`;
}
