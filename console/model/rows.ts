/** A provider's tree as rows, each below its parent. */
import { grouped } from "./grouped.ts";
import type { Provider } from "./provider.ts";

export interface TreeRow {
  readonly provider: Provider;
  /** 0 for the root. */
  readonly depth: number;
}

/** In depth; children by name. What has no known parent stands at the end, so that nothing is lost. */
export function rowsOf(providers: readonly Provider[]): TreeRow[] {
  const children = grouped(providers, ({ parent }) => parent);
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  const visit = (provider: Provider, depth: number) => {
    if (seen.has(provider.uuid)) return;
    seen.add(provider.uuid);
    rows.push({ provider, depth });
    const below = children.get(provider.uuid) ?? [];
    for (const child of below.toSorted(byName)) visit(child, depth + 1);
  };
  for (const root of (children.get(null) ?? []).toSorted(byName)) visit(root, 0);
  for (const provider of providers) visit(provider, 0);
  return rows;
}

const byName = (a: Provider, b: Provider) => (a.name < b.name ? -1 : 1);
