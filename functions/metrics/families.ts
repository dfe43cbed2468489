/**
 * The names of metrics, and what their samples are made from. Names and labels are those of
 * openstack-exporter, on which dashboards depend: nothing is added to them, and what is new gets
 * a new name.
 *
 * Source: openstack-exporter, `exporters/placement.go`.
 */
import type { Family } from "../../lib/model/exposition.ts";
import type { StoredInventory } from "../../lib/model/inventory.ts";
import type { ProviderState } from "../../lib/model/provider.ts";

/** What the samples of one inventory are made from. */
export interface Counted {
  readonly inventory: StoredInventory;
  readonly state: ProviderState;
}

export interface InventoryFamily extends Family {
  readonly sampleOf: (counted: Counted) => number;
}

/** By resource provider and resource class; labels `hostname`, `resourcetype`. */
export const INVENTORY_FAMILIES: readonly InventoryFamily[] = [
  {
    name: "openstack_placement_resource_total",
    help: "Total of the resource class on the resource provider, with what is reserved.",
    sampleOf: ({ inventory }) => inventory.total,
  },
  {
    name: "openstack_placement_resource_reserved",
    help: "Part of the total that is reserved: no consumer gets it.",
    sampleOf: ({ inventory }) => inventory.reserved,
  },
  {
    name: "openstack_placement_resource_usage",
    help: "Sum of what consumers hold of the resource class on the resource provider.",
    sampleOf: ({ inventory }) => inventory.used,
  },
  {
    name: "openstack_placement_resource_allocation_ratio",
    help: "Factor from the total without the reserved part to the capacity.",
    sampleOf: ({ inventory }) => inventory.allocationRatio,
  },
  {
    name: "openstack_placement_resource_generation",
    help: "Generation of the resource provider, the same for all its resource classes.",
    sampleOf: ({ state }) => state.generation,
  },
];

/** Labels `hostname`, `uuid` of the consumer, `resourcetype`. */
export const ALLOCATION_FAMILY: Family = {
  name: "openstack_placement_resource_provider_allocations",
  help: "What the consumer holds of the resource class on the resource provider.",
};

/** Without labels. */
export const UP_FAMILY: Family = {
  name: "openstack_placement_up",
  help: "1: Placement has read its resource providers for this answer.",
};
