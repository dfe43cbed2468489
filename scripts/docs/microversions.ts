/**
 * What each microversion changed, and the operations that it changed.
 *
 * Source: Placement API reference, "REST API Version History".
 */
import type { VersionText } from "../../lib/model/microversion.ts";

export interface Change {
  readonly version: VersionText;
  readonly words: string;
  /** Ids of operations; none: all of them. */
  readonly operations: readonly string[];
}

const CANDIDATES = "allocation-candidates/list";

const of = (version: VersionText, words: string, ...operations: string[]): Change => ({
  version,
  words,
  operations,
});

export const MICROVERSIONS: readonly Change[] = [
  of(
    "1.0",
    "Providers, inventories, allocations, usages of providers.",
    "root/show",
    "resource-providers/list",
    "resource-providers/create",
    "resource-providers/show",
    "resource-providers/update",
    "resource-providers/delete",
    "inventories/list",
    "inventories/create",
    "inventories/replace",
    "inventories/show",
    "inventories/update",
    "inventories/delete",
    "allocations/list-by-provider",
    "usages/show-by-provider",
    "allocations/show",
    "allocations/replace",
    "allocations/delete",
  ),
  of(
    "1.1",
    "Aggregates of a provider, and a link to them.",
    "aggregates/list",
    "aggregates/replace",
    "resource-providers/list",
    "resource-providers/show",
    "resource-providers/update",
  ),
  of(
    "1.2",
    "Custom resource classes.",
    "resource-classes/list",
    "resource-classes/create",
    "resource-classes/show",
    "resource-classes/update",
    "resource-classes/delete",
  ),
  of("1.3", "Providers by aggregate: `member_of`.", "resource-providers/list"),
  of("1.4", "Providers by free capacity: `resources`.", "resource-providers/list"),
  of("1.5", "Deletion of all inventories of a provider.", "inventories/delete-all"),
  of(
    "1.6",
    "Traits, those of a provider, and a link to them.",
    "traits/list",
    "traits/show",
    "traits/update",
    "traits/delete",
    "provider-traits/list",
    "provider-traits/replace",
    "provider-traits/delete",
    "resource-providers/list",
    "resource-providers/show",
    "resource-providers/update",
  ),
  of("1.7", "PUT of a class creates it, without a body.", "resource-classes/update"),
  of("1.8", "Allocations name a project and a user.", "allocations/replace"),
  of("1.9", "Usages of a project and a user.", "usages/show"),
  of("1.10", "Allocation candidates.", CANDIDATES),
  of(
    "1.11",
    "A link from a provider to its allocations.",
    "resource-providers/list",
    "resource-providers/show",
    "resource-providers/update",
  ),
  of(
    "1.12",
    "Allocations are written as they are shown, by provider; project and user are shown.",
    "allocations/replace",
    "allocations/show",
    CANDIDATES,
  ),
  of("1.13", "Allocations of several consumers at once.", "allocations/manage"),
  of(
    "1.14",
    "Trees of providers: parent, root, `in_tree`.",
    "resource-providers/list",
    "resource-providers/create",
    "resource-providers/show",
    "resource-providers/update",
  ),
  of("1.15", "`Last-Modified` and `Cache-Control: no-cache`."),
  of("1.16", "`limit` of candidates.", CANDIDATES),
  of("1.17", "`required` of candidates; traits in their summaries.", CANDIDATES),
  of("1.18", "`required` of the list of providers.", "resource-providers/list"),
  of(
    "1.19",
    "Aggregates with the provider's generation.",
    "aggregates/list",
    "aggregates/replace",
    "resource-providers/list",
  ),
  of("1.20", "A new provider is shown in the answer.", "resource-providers/create"),
  of("1.21", "`member_of` of candidates.", CANDIDATES),
  of("1.22", "Forbidden traits: `!`.", "resource-providers/list", CANDIDATES),
  of("1.23", "Codes of errors."),
  of("1.24", "Repeated `member_of`.", "resource-providers/list", CANDIDATES),
  of("1.25", "Numbered request groups and `group_policy`.", CANDIDATES),
  of(
    "1.26",
    "An inventory may be reserved as a whole.",
    "inventories/create",
    "inventories/replace",
    "inventories/update",
  ),
  of("1.27", "Summaries show all classes of a provider.", CANDIDATES),
  of(
    "1.28",
    "Generations of consumers; empty allocations.",
    "allocations/show",
    "allocations/replace",
    "allocations/manage",
    "allocations/list-by-provider",
    "resource-providers/list",
  ),
  of("1.29", "Candidates of several providers of one tree.", CANDIDATES),
  of("1.30", "The reshaper.", "reshaper/reshape"),
  of("1.31", "`in_tree` of candidates.", CANDIDATES),
  of("1.32", "Forbidden aggregates: `member_of=!`.", "resource-providers/list", CANDIDATES),
  of("1.33", "Request groups of any name.", CANDIDATES),
  of(
    "1.34",
    "`mappings` of candidates, accepted beside allocations.",
    CANDIDATES,
    "allocations/replace",
    "allocations/manage",
    "reshaper/reshape",
  ),
  of("1.35", "`root_required` of candidates.", CANDIDATES),
  of("1.36", "`same_subtree` of candidates.", CANDIDATES),
  of("1.37", "A provider may change its parent or leave it.", "resource-providers/update"),
  of(
    "1.38",
    "Types of consumers.",
    "allocations/show",
    "allocations/replace",
    "allocations/manage",
    "reshaper/reshape",
    "usages/show",
  ),
  of(
    "1.39",
    "Any of several traits: `in:`; repeated `required`.",
    "resource-providers/list",
    CANDIDATES,
  ),
];
