/**
 * The list of everything that is deployed. The stack, the local server and the documents
 * are generated from it; nothing is listed twice.
 */
import type { AnyOperation } from "../lib/api/operation.ts";
import type { AnyTask } from "../lib/api/task-definition.ts";
import { listAggregates } from "./aggregates/list.ts";
import { replaceAggregates } from "./aggregates/replace.ts";
import { listAllocationCandidates } from "./allocation-candidates/list.ts";
import { listCandidatesByQuery } from "./allocation-candidates/list-query.ts";
import { deleteConsumerAllocations } from "./allocations/delete.ts";
import { emptyProvider } from "./allocations/empty-provider.ts";
import { listAllocations } from "./allocations/list.ts";
import { listProviderAllocations } from "./allocations/list-by-provider.ts";
import { manageAllocations } from "./allocations/manage.ts";
import { replaceAllocations } from "./allocations/replace.ts";
import { showAllocations } from "./allocations/show.ts";
import { createClaims } from "./claims/create.ts";
import { confirmLease } from "./consumers/confirm-lease.ts";
import { createOneConsumer } from "./consumers/create.ts";
import { deleteOneConsumer } from "./consumers/delete.ts";
import { listConsumers } from "./consumers/list.ts";
import { raiseConsumerGeneration } from "./consumers/raise-generation.ts";
import { renewLease } from "./consumers/renew-lease.ts";
import { showConsumer } from "./consumers/show.ts";
import { updateConsumer } from "./consumers/update.ts";
import { followEvents } from "./events/follow.ts";
import { showConsumerHistory } from "./history/show-by-consumer.ts";
import { showProviderHistory } from "./history/show-by-provider.ts";
import { createInventory } from "./inventories/create.ts";
import { deleteOneInventory } from "./inventories/delete.ts";
import { deleteAllInventories } from "./inventories/delete-all.ts";
import { listInventories } from "./inventories/list.ts";
import { replaceAllInventories } from "./inventories/replace.ts";
import { showInventory } from "./inventories/show.ts";
import { updateOneInventory } from "./inventories/update.ts";
import { canary } from "./maintenance/canary.ts";
import { deleteIdleConsumers } from "./maintenance/delete-idle-consumers.ts";
import { feedEvents } from "./maintenance/feed-events.ts";
import { finishChanges } from "./maintenance/finish-changes.ts";
import { rebuildRecords } from "./maintenance/rebuild-records.ts";
import { releaseExpired } from "./maintenance/release-expired.ts";
import { upgradeFormat } from "./maintenance/upgrade-table.ts";
import { verifyRecords } from "./maintenance/verify-table.ts";
import { writePages } from "./maintenance/write-profile-pages.ts";
import { listMetrics } from "./metrics/list.ts";
import { showOpenApi } from "./openapi/show.ts";
import { deleteProviderTraits } from "./provider-traits/delete.ts";
import { listProviderTraits } from "./provider-traits/list.ts";
import { replaceProviderTraits } from "./provider-traits/replace.ts";
import { reshapeProviders } from "./reshaper/reshape.ts";
import { createResourceClass } from "./resource-classes/create.ts";
import { deleteResourceClass } from "./resource-classes/delete.ts";
import { listResourceClasses } from "./resource-classes/list.ts";
import { showResourceClass } from "./resource-classes/show.ts";
import { updateResourceClass } from "./resource-classes/update.ts";
import { createResourceProvider } from "./resource-providers/create.ts";
import { deleteResourceProvider } from "./resource-providers/delete.ts";
import { listResourceProviders } from "./resource-providers/list.ts";
import { showResourceProvider } from "./resource-providers/show.ts";
import { updateResourceProvider } from "./resource-providers/update.ts";
import { showRoot } from "./root/show.ts";
import { showStatus } from "./status/show.ts";
import { deleteOneTrait } from "./traits/delete.ts";
import { listTraits } from "./traits/list.ts";
import { showTrait } from "./traits/show.ts";
import { updateTrait } from "./traits/update.ts";
import { showUsages } from "./usages/show.ts";
import { showProviderUsages } from "./usages/show-by-provider.ts";

/** Operations with a route. The function behind `$default` is in `fallback/`. */
export const operations: readonly AnyOperation[] = [
  showRoot,
  showOpenApi,
  listResourceProviders,
  createResourceProvider,
  showResourceProvider,
  updateResourceProvider,
  deleteResourceProvider,
  listInventories,
  createInventory,
  replaceAllInventories,
  deleteAllInventories,
  showInventory,
  updateOneInventory,
  deleteOneInventory,
  listAggregates,
  replaceAggregates,
  listProviderTraits,
  replaceProviderTraits,
  deleteProviderTraits,
  listProviderAllocations,
  showProviderUsages,
  showAllocations,
  replaceAllocations,
  deleteConsumerAllocations,
  manageAllocations,
  listAllocationCandidates,
  showUsages,
  reshapeProviders,
  listResourceClasses,
  createResourceClass,
  showResourceClass,
  updateResourceClass,
  deleteResourceClass,
  listTraits,
  showTrait,
  updateTrait,
  deleteOneTrait,
  listAllocations,
  listCandidatesByQuery,
  listConsumers,
  createOneConsumer,
  showConsumer,
  updateConsumer,
  deleteOneConsumer,
  raiseConsumerGeneration,
  renewLease,
  confirmLease,
  listMetrics,
  emptyProvider,
  createClaims,
  showConsumerHistory,
  showProviderHistory,
  followEvents,
  showStatus,
];

/** Functions without a route. */
export const tasks: readonly AnyTask[] = [
  deleteIdleConsumers,
  rebuildRecords,
  finishChanges,
  verifyRecords,
  upgradeFormat,
  writePages,
  releaseExpired,
  canary,
  feedEvents,
];
