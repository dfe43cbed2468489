// Generated from functions/index.ts by `npm run docs`. Do not edit.

/** Every microversion that is served. */
export type Version =
  | "1.0"
  | "1.1"
  | "1.2"
  | "1.3"
  | "1.4"
  | "1.5"
  | "1.6"
  | "1.7"
  | "1.8"
  | "1.9"
  | "1.10"
  | "1.11"
  | "1.12"
  | "1.13"
  | "1.14"
  | "1.15"
  | "1.16"
  | "1.17"
  | "1.18"
  | "1.19"
  | "1.20"
  | "1.21"
  | "1.22"
  | "1.23"
  | "1.24"
  | "1.25"
  | "1.26"
  | "1.27"
  | "1.28"
  | "1.29"
  | "1.30"
  | "1.31"
  | "1.32"
  | "1.33"
  | "1.34"
  | "1.35"
  | "1.36"
  | "1.37"
  | "1.38"
  | "1.39";

/** The microversions up to each. */
export interface UpTo {
  readonly "1.0": "1.0";
  readonly "1.1": UpTo["1.0"] | "1.1";
  readonly "1.2": UpTo["1.1"] | "1.2";
  readonly "1.3": UpTo["1.2"] | "1.3";
  readonly "1.4": UpTo["1.3"] | "1.4";
  readonly "1.5": UpTo["1.4"] | "1.5";
  readonly "1.6": UpTo["1.5"] | "1.6";
  readonly "1.7": UpTo["1.6"] | "1.7";
  readonly "1.8": UpTo["1.7"] | "1.8";
  readonly "1.9": UpTo["1.8"] | "1.9";
  readonly "1.10": UpTo["1.9"] | "1.10";
  readonly "1.11": UpTo["1.10"] | "1.11";
  readonly "1.12": UpTo["1.11"] | "1.12";
  readonly "1.13": UpTo["1.12"] | "1.13";
  readonly "1.14": UpTo["1.13"] | "1.14";
  readonly "1.15": UpTo["1.14"] | "1.15";
  readonly "1.16": UpTo["1.15"] | "1.16";
  readonly "1.17": UpTo["1.16"] | "1.17";
  readonly "1.18": UpTo["1.17"] | "1.18";
  readonly "1.19": UpTo["1.18"] | "1.19";
  readonly "1.20": UpTo["1.19"] | "1.20";
  readonly "1.21": UpTo["1.20"] | "1.21";
  readonly "1.22": UpTo["1.21"] | "1.22";
  readonly "1.23": UpTo["1.22"] | "1.23";
  readonly "1.24": UpTo["1.23"] | "1.24";
  readonly "1.25": UpTo["1.24"] | "1.25";
  readonly "1.26": UpTo["1.25"] | "1.26";
  readonly "1.27": UpTo["1.26"] | "1.27";
  readonly "1.28": UpTo["1.27"] | "1.28";
  readonly "1.29": UpTo["1.28"] | "1.29";
  readonly "1.30": UpTo["1.29"] | "1.30";
  readonly "1.31": UpTo["1.30"] | "1.31";
  readonly "1.32": UpTo["1.31"] | "1.32";
  readonly "1.33": UpTo["1.32"] | "1.33";
  readonly "1.34": UpTo["1.33"] | "1.34";
  readonly "1.35": UpTo["1.34"] | "1.35";
  readonly "1.36": UpTo["1.35"] | "1.36";
  readonly "1.37": UpTo["1.36"] | "1.37";
  readonly "1.38": UpTo["1.37"] | "1.38";
  readonly "1.39": UpTo["1.38"] | "1.39";
}

/** An object without members. */
export type Nothing = Readonly<Record<string, never>>;

/** The value of a query parameter; a list repeats the parameter. */
export type QueryValue = string | readonly string[];

/** The codes of refusals, and the statuses of each. */
export interface RefusalCodes {
  readonly "placement.answer_too_large": 400;
  readonly "placement.claim.consumer_in_use": 409;
  readonly "placement.claim.no_candidates": 409;
  readonly "placement.claim.search_unfinished": 503;
  readonly "placement.concurrent_update": 409;
  readonly "placement.duplicate_name": 409;
  readonly "placement.events.cursor_expired": 410;
  readonly "placement.events.off": 404;
  readonly "placement.events.other_epoch": 410;
  readonly "placement.idempotency_key.reused": 422;
  readonly "placement.identity_unavailable": 503;
  readonly "placement.inventory.inuse": 409;
  readonly "placement.lease.expired": 409;
  readonly "placement.lease.none": 409;
  readonly "placement.query.bad_value": 400;
  readonly "placement.query.duplicate_key": 400;
  readonly "placement.query.missing_value": 400;
  readonly "placement.resource_provider.cannot_delete_parent": 409;
  readonly "placement.resource_provider.inuse": 409;
  readonly "placement.resource_provider.not_found": 400;
  readonly "placement.undefined_code": number;
}

/**
 * Each operation: its path parameters, and by the microversion from which on each applies its
 * query, its body and its answers by status.
 */
export interface Operations {
  /** Show the versions of the service. Since 1.0. */
  readonly "root/show": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly versions: readonly ({ readonly id: string; readonly min_version: string; readonly max_version: string; readonly status: "CURRENT"; readonly links: readonly ({ readonly rel: "self"; readonly href: string })[] })[] } };
    };
  };
  /** Show this API as an OpenAPI document. Since 1.0. */
  readonly "openapi/show": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly openapi: string } & Readonly<Record<string, unknown>>; readonly 304: undefined };
    };
  };
  /** List resource providers. Since 1.0. */
  readonly "resource-providers/list": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": { readonly name?: QueryValue | undefined; readonly uuid?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined; readonly include?: QueryValue | undefined };
      readonly "1.1": { readonly name?: QueryValue | undefined; readonly uuid?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined; readonly include?: QueryValue | undefined };
      readonly "1.3": { readonly name?: QueryValue | undefined; readonly uuid?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly include?: QueryValue | undefined };
      readonly "1.4": { readonly name?: QueryValue | undefined; readonly uuid?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly include?: QueryValue | undefined; readonly resources?: QueryValue | undefined };
      readonly "1.6": { readonly name?: QueryValue | undefined; readonly uuid?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly include?: QueryValue | undefined; readonly resources?: QueryValue | undefined };
      readonly "1.14": { readonly name?: QueryValue | undefined; readonly uuid?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly include?: QueryValue | undefined; readonly resources?: QueryValue | undefined; readonly in_tree?: QueryValue | undefined };
      readonly "1.18": { readonly name?: QueryValue | undefined; readonly uuid?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly include?: QueryValue | undefined; readonly resources?: QueryValue | undefined; readonly in_tree?: QueryValue | undefined; readonly required?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly resource_providers: readonly ({ readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages"; readonly href: string })[]; readonly included?: { readonly inventories?: { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> } | undefined; readonly usages?: { readonly resource_provider_generation: number; readonly usages: Readonly<Record<string, number>> } | undefined; readonly allocations?: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly resource_provider_generation: number } | undefined } | undefined })[]; readonly next_marker?: string | null | undefined } };
      readonly "1.1": { readonly 200: { readonly resource_providers: readonly ({ readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates"; readonly href: string })[]; readonly included?: { readonly inventories?: { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> } | undefined; readonly usages?: { readonly resource_provider_generation: number; readonly usages: Readonly<Record<string, number>> } | undefined; readonly allocations?: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly resource_provider_generation: number } | undefined; readonly aggregates?: { readonly aggregates: readonly string[] } | undefined } | undefined })[]; readonly next_marker?: string | null | undefined } };
      readonly "1.6": { readonly 200: { readonly resource_providers: readonly ({ readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits"; readonly href: string })[]; readonly included?: { readonly inventories?: { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> } | undefined; readonly usages?: { readonly resource_provider_generation: number; readonly usages: Readonly<Record<string, number>> } | undefined; readonly allocations?: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly resource_provider_generation: number } | undefined; readonly aggregates?: { readonly aggregates: readonly string[] } | undefined; readonly traits?: { readonly traits: readonly string[]; readonly resource_provider_generation: number } | undefined } | undefined })[]; readonly next_marker?: string | null | undefined } };
      readonly "1.11": { readonly 200: { readonly resource_providers: readonly ({ readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits" | "allocations"; readonly href: string })[]; readonly included?: { readonly inventories?: { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> } | undefined; readonly usages?: { readonly resource_provider_generation: number; readonly usages: Readonly<Record<string, number>> } | undefined; readonly allocations?: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly resource_provider_generation: number } | undefined; readonly aggregates?: { readonly aggregates: readonly string[] } | undefined; readonly traits?: { readonly traits: readonly string[]; readonly resource_provider_generation: number } | undefined } | undefined })[]; readonly next_marker?: string | null | undefined } };
      readonly "1.14": { readonly 200: { readonly resource_providers: readonly ({ readonly uuid: string; readonly name: string; readonly generation: number; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits" | "allocations"; readonly href: string })[]; readonly included?: { readonly inventories?: { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> } | undefined; readonly usages?: { readonly resource_provider_generation: number; readonly usages: Readonly<Record<string, number>> } | undefined; readonly allocations?: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly resource_provider_generation: number } | undefined; readonly aggregates?: { readonly aggregates: readonly string[] } | undefined; readonly traits?: { readonly traits: readonly string[]; readonly resource_provider_generation: number } | undefined } | undefined })[]; readonly next_marker?: string | null | undefined } };
      readonly "1.19": { readonly 200: { readonly resource_providers: readonly ({ readonly uuid: string; readonly name: string; readonly generation: number; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits" | "allocations"; readonly href: string })[]; readonly included?: { readonly inventories?: { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> } | undefined; readonly usages?: { readonly resource_provider_generation: number; readonly usages: Readonly<Record<string, number>> } | undefined; readonly allocations?: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly resource_provider_generation: number } | undefined; readonly aggregates?: { readonly aggregates: readonly string[]; readonly resource_provider_generation: number } | undefined; readonly traits?: { readonly traits: readonly string[]; readonly resource_provider_generation: number } | undefined } | undefined })[]; readonly next_marker?: string | null | undefined } };
      readonly "1.28": { readonly 200: { readonly resource_providers: readonly ({ readonly uuid: string; readonly name: string; readonly generation: number; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits" | "allocations"; readonly href: string })[]; readonly included?: { readonly inventories?: { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> } | undefined; readonly usages?: { readonly resource_provider_generation: number; readonly usages: Readonly<Record<string, number>> } | undefined; readonly allocations?: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly consumer_generation: number }>>; readonly resource_provider_generation: number } | undefined; readonly aggregates?: { readonly aggregates: readonly string[]; readonly resource_provider_generation: number } | undefined; readonly traits?: { readonly traits: readonly string[]; readonly resource_provider_generation: number } | undefined } | undefined })[]; readonly next_marker?: string | null | undefined } };
    };
  };
  /** Create a resource provider. Since 1.0. */
  readonly "resource-providers/create": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly name: string; readonly uuid?: string | undefined };
      readonly "1.14": { readonly name: string; readonly uuid?: string | undefined; readonly parent_provider_uuid?: string | null | undefined };
    };
    readonly answers: {
      readonly "1.0": { readonly 201: undefined };
      readonly "1.20": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits" | "allocations"; readonly href: string })[] } };
    };
  };
  /** Show a resource provider. Since 1.0. */
  readonly "resource-providers/show": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages"; readonly href: string })[] } };
      readonly "1.1": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates"; readonly href: string })[] } };
      readonly "1.6": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits"; readonly href: string })[] } };
      readonly "1.11": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits" | "allocations"; readonly href: string })[] } };
      readonly "1.14": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits" | "allocations"; readonly href: string })[] } };
    };
  };
  /** Rename a resource provider or change its parent. Since 1.0. */
  readonly "resource-providers/update": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly name: string };
      readonly "1.14": { readonly name: string; readonly parent_provider_uuid?: string | null | undefined };
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages"; readonly href: string })[] } };
      readonly "1.1": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates"; readonly href: string })[] } };
      readonly "1.6": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits"; readonly href: string })[] } };
      readonly "1.11": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits" | "allocations"; readonly href: string })[] } };
      readonly "1.14": { readonly 200: { readonly uuid: string; readonly name: string; readonly generation: number; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string; readonly links: readonly ({ readonly rel: "self" | "inventories" | "usages" | "aggregates" | "traits" | "allocations"; readonly href: string })[] } };
    };
  };
  /** Delete a resource provider. Since 1.0. */
  readonly "resource-providers/delete": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": { readonly subtree?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** List the inventories of a resource provider. Since 1.0. */
  readonly "inventories/list": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> } };
    };
  };
  /** Create the inventory of one resource class. Since 1.0. */
  readonly "inventories/create": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly resource_provider_generation?: number | undefined; readonly total: number; readonly reserved?: number | undefined; readonly min_unit?: number | undefined; readonly max_unit?: number | undefined; readonly step_size?: number | undefined; readonly allocation_ratio?: number | undefined; readonly resource_class: string };
    };
    readonly answers: {
      readonly "1.0": { readonly 201: { readonly resource_provider_generation: number; readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number } };
    };
  };
  /** Replace all inventories of a resource provider. Since 1.0. */
  readonly "inventories/replace": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly resource_provider_generation?: number | undefined; readonly total: number; readonly reserved?: number | undefined; readonly min_unit?: number | undefined; readonly max_unit?: number | undefined; readonly step_size?: number | undefined; readonly allocation_ratio?: number | undefined }>> };
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> } };
    };
  };
  /** Delete all inventories of a resource provider. Since 1.5. */
  readonly "inventories/delete-all": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.5": unknown;
    };
    readonly body: {
      readonly "1.5": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** Show the inventory of one resource class. Since 1.0. */
  readonly "inventories/show": {
    readonly path: { readonly uuid: string; readonly resource_class: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly resource_provider_generation: number; readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number } };
    };
  };
  /** Update the inventory of one resource class. Since 1.0. */
  readonly "inventories/update": {
    readonly path: { readonly uuid: string; readonly resource_class: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly resource_provider_generation: number; readonly total: number; readonly reserved?: number | undefined; readonly min_unit?: number | undefined; readonly max_unit?: number | undefined; readonly step_size?: number | undefined; readonly allocation_ratio?: number | undefined };
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly resource_provider_generation: number; readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number } };
    };
  };
  /** Delete the inventory of one resource class. Since 1.0. */
  readonly "inventories/delete": {
    readonly path: { readonly uuid: string; readonly resource_class: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** List a resource provider's aggregates. Since 1.1. */
  readonly "aggregates/list": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.1": unknown;
    };
    readonly body: {
      readonly "1.1": undefined;
    };
    readonly answers: {
      readonly "1.1": { readonly 200: { readonly aggregates: readonly string[] } };
      readonly "1.19": { readonly 200: { readonly aggregates: readonly string[]; readonly resource_provider_generation: number } };
    };
  };
  /** Replace a resource provider's aggregates. Since 1.1. */
  readonly "aggregates/replace": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.1": unknown;
    };
    readonly body: {
      readonly "1.1": readonly string[];
      readonly "1.19": { readonly aggregates: readonly string[]; readonly resource_provider_generation: number };
    };
    readonly answers: {
      readonly "1.1": { readonly 200: { readonly aggregates: readonly string[] } };
      readonly "1.19": { readonly 200: { readonly aggregates: readonly string[]; readonly resource_provider_generation: number } };
    };
  };
  /** List a resource provider's traits. Since 1.6. */
  readonly "provider-traits/list": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.6": unknown;
    };
    readonly body: {
      readonly "1.6": undefined;
    };
    readonly answers: {
      readonly "1.6": { readonly 200: { readonly traits: readonly string[]; readonly resource_provider_generation: number } };
    };
  };
  /** Replace a resource provider's traits. Since 1.6. */
  readonly "provider-traits/replace": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.6": unknown;
    };
    readonly body: {
      readonly "1.6": { readonly traits: readonly string[]; readonly resource_provider_generation: number };
    };
    readonly answers: {
      readonly "1.6": { readonly 200: { readonly traits: readonly string[]; readonly resource_provider_generation: number } };
    };
  };
  /** Remove all traits of a resource provider. Since 1.6. */
  readonly "provider-traits/delete": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.6": unknown;
    };
    readonly body: {
      readonly "1.6": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** List who holds what on a resource provider. Since 1.0. */
  readonly "allocations/list-by-provider": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": { readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly resource_provider_generation: number; readonly next_marker?: string | null | undefined } };
      readonly "1.28": { readonly 200: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly consumer_generation: number }>>; readonly resource_provider_generation: number; readonly next_marker?: string | null | undefined } };
    };
  };
  /** Show the use of a resource provider. Since 1.0. */
  readonly "usages/show-by-provider": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly resource_provider_generation: number; readonly usages: Readonly<Record<string, number>> } };
    };
  };
  /** Show what a consumer holds. Since 1.0. */
  readonly "allocations/show": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly generation: number }>> } };
      readonly "1.12": { readonly 200: { readonly allocations: Nothing } | { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly generation: number }>>; readonly project_id: string; readonly user_id: string } };
      readonly "1.28": { readonly 200: { readonly allocations: Nothing } | { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly generation: number }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number } };
      readonly "1.38": { readonly 200: { readonly allocations: Nothing } | { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly generation: number }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number; readonly consumer_type: string } };
    };
  };
  /** Set what a consumer holds. Since 1.0. */
  readonly "allocations/replace": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly allocations: readonly ({ readonly resource_provider: { readonly uuid: string }; readonly resources: Readonly<Record<string, number>> })[] };
      readonly "1.8": { readonly allocations: readonly ({ readonly resource_provider: { readonly uuid: string }; readonly resources: Readonly<Record<string, number>> })[]; readonly project_id: string; readonly user_id: string };
      readonly "1.12": { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string };
      readonly "1.28": { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number | null };
      readonly "1.34": { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number | null; readonly mappings?: Readonly<Record<string, readonly string[]>> | undefined };
      readonly "1.38": { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number | null; readonly mappings?: Readonly<Record<string, readonly string[]>> | undefined; readonly consumer_type: string };
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** Release all that a consumer holds. Since 1.0. */
  readonly "allocations/delete": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** Set what several consumers hold, atomically. Since 1.13. */
  readonly "allocations/manage": {
    readonly path: unknown;
    readonly query: {
      readonly "1.13": unknown;
    };
    readonly body: {
      readonly "1.13": Readonly<Record<string, { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string }>>;
      readonly "1.28": Readonly<Record<string, { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number | null }>>;
      readonly "1.34": Readonly<Record<string, { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number | null; readonly mappings?: Readonly<Record<string, readonly string[]>> | undefined }>>;
      readonly "1.38": Readonly<Record<string, { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number | null; readonly mappings?: Readonly<Record<string, readonly string[]>> | undefined; readonly consumer_type: string }>>;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** List allocation candidates. Since 1.10. */
  readonly "allocation-candidates/list": {
    readonly path: unknown;
    readonly query: {
      readonly "1.10": { readonly resources: QueryValue; readonly explain?: QueryValue | undefined };
      readonly "1.16": { readonly resources: QueryValue; readonly explain?: QueryValue | undefined; readonly limit?: QueryValue | undefined };
      readonly "1.17": { readonly resources: QueryValue; readonly explain?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly required?: QueryValue | undefined };
      readonly "1.21": { readonly resources: QueryValue; readonly explain?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly required?: QueryValue | undefined; readonly member_of?: QueryValue | undefined };
      readonly "1.25": { readonly resources?: QueryValue | undefined; readonly required?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly group_policy?: QueryValue | undefined; readonly explain?: QueryValue | undefined; readonly [name: `member_of${string}`]: QueryValue | undefined; readonly [name: `required${string}`]: QueryValue | undefined; readonly [name: `resources${string}`]: QueryValue | undefined };
      readonly "1.31": { readonly resources?: QueryValue | undefined; readonly required?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly group_policy?: QueryValue | undefined; readonly explain?: QueryValue | undefined; readonly in_tree?: QueryValue | undefined; readonly [name: `in_tree${string}`]: QueryValue | undefined; readonly [name: `member_of${string}`]: QueryValue | undefined; readonly [name: `required${string}`]: QueryValue | undefined; readonly [name: `resources${string}`]: QueryValue | undefined };
      readonly "1.33": { readonly resources?: QueryValue | undefined; readonly required?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly group_policy?: QueryValue | undefined; readonly explain?: QueryValue | undefined; readonly in_tree?: QueryValue | undefined; readonly [name: `in_tree${string}`]: QueryValue | undefined; readonly [name: `member_of${string}`]: QueryValue | undefined; readonly [name: `required${string}`]: QueryValue | undefined; readonly [name: `resources${string}`]: QueryValue | undefined };
      readonly "1.35": { readonly resources?: QueryValue | undefined; readonly required?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly group_policy?: QueryValue | undefined; readonly explain?: QueryValue | undefined; readonly in_tree?: QueryValue | undefined; readonly root_required?: QueryValue | undefined; readonly [name: `in_tree${string}`]: QueryValue | undefined; readonly [name: `member_of${string}`]: QueryValue | undefined; readonly [name: `required${string}`]: QueryValue | undefined; readonly [name: `resources${string}`]: QueryValue | undefined };
      readonly "1.36": { readonly resources?: QueryValue | undefined; readonly required?: QueryValue | undefined; readonly member_of?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly group_policy?: QueryValue | undefined; readonly explain?: QueryValue | undefined; readonly in_tree?: QueryValue | undefined; readonly root_required?: QueryValue | undefined; readonly same_subtree?: QueryValue | undefined; readonly [name: `in_tree${string}`]: QueryValue | undefined; readonly [name: `member_of${string}`]: QueryValue | undefined; readonly [name: `required${string}`]: QueryValue | undefined; readonly [name: `resources${string}`]: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.10": undefined;
    };
    readonly answers: {
      readonly "1.10": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: readonly ({ readonly resource_provider: { readonly uuid: string }; readonly resources: Readonly<Record<string, number>> })[] })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>> }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
      readonly "1.12": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>> })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>> }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
      readonly "1.17": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>> })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>>; readonly traits: readonly string[] }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
      readonly "1.29": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>> })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>>; readonly traits: readonly string[]; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
      readonly "1.34": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly mappings: Readonly<Record<string, readonly string[]>> })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>>; readonly traits: readonly string[]; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
    };
  };
  /** Show the use of a project. Since 1.9. */
  readonly "usages/show": {
    readonly path: unknown;
    readonly query: {
      readonly "1.9": { readonly project_id: QueryValue; readonly user_id?: QueryValue | undefined };
      readonly "1.38": { readonly project_id: QueryValue; readonly user_id?: QueryValue | undefined; readonly consumer_type?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.9": undefined;
    };
    readonly answers: {
      readonly "1.9": { readonly 200: { readonly usages: Readonly<Record<string, number>> } };
      readonly "1.38": { readonly 200: { readonly usages: Readonly<Record<string, { readonly consumer_count: number } & Readonly<Record<string, number>>>> } };
    };
  };
  /** Move inventories and allocations of many providers atomically. Since 1.30. */
  readonly "reshaper/reshape": {
    readonly path: unknown;
    readonly query: {
      readonly "1.30": unknown;
    };
    readonly body: {
      readonly "1.30": { readonly inventories: Readonly<Record<string, { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly resource_provider_generation?: number | undefined; readonly total: number; readonly reserved?: number | undefined; readonly min_unit?: number | undefined; readonly max_unit?: number | undefined; readonly step_size?: number | undefined; readonly allocation_ratio?: number | undefined }>> }>>; readonly allocations: Readonly<Record<string, { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number | null }>> };
      readonly "1.34": { readonly inventories: Readonly<Record<string, { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly resource_provider_generation?: number | undefined; readonly total: number; readonly reserved?: number | undefined; readonly min_unit?: number | undefined; readonly max_unit?: number | undefined; readonly step_size?: number | undefined; readonly allocation_ratio?: number | undefined }>> }>>; readonly allocations: Readonly<Record<string, { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number | null; readonly mappings?: Readonly<Record<string, readonly string[]>> | undefined }>> };
      readonly "1.38": { readonly inventories: Readonly<Record<string, { readonly resource_provider_generation: number; readonly inventories: Readonly<Record<string, { readonly resource_provider_generation?: number | undefined; readonly total: number; readonly reserved?: number | undefined; readonly min_unit?: number | undefined; readonly max_unit?: number | undefined; readonly step_size?: number | undefined; readonly allocation_ratio?: number | undefined }>> }>>; readonly allocations: Readonly<Record<string, { readonly allocations: Readonly<Record<string, { readonly generation?: number | undefined; readonly resources: Readonly<Record<string, number>> }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number | null; readonly mappings?: Readonly<Record<string, readonly string[]>> | undefined; readonly consumer_type: string }>> };
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** List resource classes. Since 1.2. */
  readonly "resource-classes/list": {
    readonly path: unknown;
    readonly query: {
      readonly "1.2": { readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.2": undefined;
    };
    readonly answers: {
      readonly "1.2": { readonly 200: { readonly resource_classes: readonly ({ readonly name: string; readonly links: readonly ({ readonly rel: "self"; readonly href: string })[] })[]; readonly next_marker?: string | null | undefined } };
    };
  };
  /** Create a custom resource class. Since 1.2. */
  readonly "resource-classes/create": {
    readonly path: unknown;
    readonly query: {
      readonly "1.2": unknown;
    };
    readonly body: {
      readonly "1.2": { readonly name: string };
    };
    readonly answers: {
      readonly "1.2": { readonly 201: undefined };
    };
  };
  /** Show a resource class. Since 1.2. */
  readonly "resource-classes/show": {
    readonly path: { readonly name: string };
    readonly query: {
      readonly "1.2": unknown;
    };
    readonly body: {
      readonly "1.2": undefined;
    };
    readonly answers: {
      readonly "1.2": { readonly 200: { readonly name: string; readonly links: readonly ({ readonly rel: "self"; readonly href: string })[] } };
    };
  };
  /** Create a custom resource class if absent, or rename one (1.2 to 1.6). Since 1.2. */
  readonly "resource-classes/update": {
    readonly path: { readonly name: string };
    readonly query: {
      readonly "1.2": unknown;
    };
    readonly body: {
      readonly "1.2": { readonly name: string };
      readonly "1.7": undefined;
    };
    readonly answers: {
      readonly "1.2": { readonly 200: { readonly name: string; readonly links: readonly ({ readonly rel: "self"; readonly href: string })[] } };
      readonly "1.7": { readonly 201: undefined; readonly 204: undefined };
    };
  };
  /** Delete a custom resource class. Since 1.2. */
  readonly "resource-classes/delete": {
    readonly path: { readonly name: string };
    readonly query: {
      readonly "1.2": unknown;
    };
    readonly body: {
      readonly "1.2": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** List traits. Since 1.6. */
  readonly "traits/list": {
    readonly path: unknown;
    readonly query: {
      readonly "1.6": { readonly name?: QueryValue | undefined; readonly associated?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.6": undefined;
    };
    readonly answers: {
      readonly "1.6": { readonly 200: { readonly traits: readonly string[]; readonly next_marker?: string | null | undefined } };
    };
  };
  /** Check that a trait exists. Since 1.6. */
  readonly "traits/show": {
    readonly path: { readonly name: string };
    readonly query: {
      readonly "1.6": unknown;
    };
    readonly body: {
      readonly "1.6": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** Create a custom trait if absent. Since 1.6. */
  readonly "traits/update": {
    readonly path: { readonly name: string };
    readonly query: {
      readonly "1.6": unknown;
    };
    readonly body: {
      readonly "1.6": undefined;
    };
    readonly answers: {
      readonly "1.6": { readonly 201: undefined; readonly 204: undefined };
    };
  };
  /** Delete a custom trait. Since 1.6. */
  readonly "traits/delete": {
    readonly path: { readonly name: string };
    readonly query: {
      readonly "1.6": unknown;
    };
    readonly body: {
      readonly "1.6": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** Show what several consumers hold. Since 1.0. */
  readonly "allocations/list": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": { readonly consumer_uuid: QueryValue };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly consumers: Readonly<Record<string, { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly generation: number }>> }>> } };
      readonly "1.12": { readonly 200: { readonly consumers: Readonly<Record<string, { readonly allocations: Nothing } | { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly generation: number }>>; readonly project_id: string; readonly user_id: string }>> } };
      readonly "1.28": { readonly 200: { readonly consumers: Readonly<Record<string, { readonly allocations: Nothing } | { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly generation: number }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number }>> } };
      readonly "1.38": { readonly 200: { readonly consumers: Readonly<Record<string, { readonly allocations: Nothing } | { readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>>; readonly generation: number }>>; readonly project_id: string; readonly user_id: string; readonly consumer_generation: number; readonly consumer_type: string }>> } };
    };
  };
  /** List allocation candidates by a query that a URL cannot hold. Since 1.10. */
  readonly "allocation-candidates/list-query": {
    readonly path: unknown;
    readonly query: {
      readonly "1.10": unknown;
    };
    readonly body: {
      readonly "1.10": { readonly query: string };
    };
    readonly answers: {
      readonly "1.10": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: readonly ({ readonly resource_provider: { readonly uuid: string }; readonly resources: Readonly<Record<string, number>> })[] })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>> }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
      readonly "1.12": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>> })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>> }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
      readonly "1.17": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>> })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>>; readonly traits: readonly string[] }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
      readonly "1.29": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>> })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>>; readonly traits: readonly string[]; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
      readonly "1.34": { readonly 200: { readonly allocation_requests: readonly ({ readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly mappings: Readonly<Record<string, readonly string[]>> })[]; readonly provider_summaries: Readonly<Record<string, { readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>>; readonly traits: readonly string[]; readonly parent_provider_uuid: string | null; readonly root_provider_uuid: string }>>; readonly explanation?: { readonly groups: Readonly<Record<string, { readonly conditions: readonly ({ readonly condition: string; readonly providers: number; readonly trees: number })[]; readonly removed_by: string | null }>>; readonly all_groups: { readonly conditions: readonly ({ readonly condition: string; readonly satisfied: boolean | null; readonly trees?: number | undefined })[]; readonly removed_by: string | null }; readonly complete: boolean } | undefined } };
    };
  };
  /** List consumers: of a project, idle ones by age, leases by their ends, or of all projects. Since 1.0. */
  readonly "consumers/list": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": { readonly project_id?: QueryValue | undefined; readonly user_id?: QueryValue | undefined; readonly consumer_type?: QueryValue | undefined; readonly idle_for?: QueryValue | undefined; readonly expires_before?: QueryValue | undefined; readonly older_than?: QueryValue | undefined; readonly provider?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly consumers: readonly ({ readonly uuid: string; readonly user_id: string; readonly consumer_type: string; readonly links: readonly ({ readonly rel: "self"; readonly href: string })[] })[] | readonly ({ readonly uuid: string; readonly created_at: string; readonly links: readonly ({ readonly rel: "self"; readonly href: string })[] })[] | readonly ({ readonly uuid: string; readonly expires_at: string; readonly lease_version: number; readonly links: readonly ({ readonly rel: "self"; readonly href: string })[] })[] | readonly ({ readonly uuid: string; readonly consumer_generation: number; readonly project_id: string; readonly user_id: string; readonly consumer_type: string; readonly life: string; readonly created_at: string; readonly updated_at: string; readonly expires_at?: string | undefined; readonly lease_version?: number | undefined; readonly links: readonly ({ readonly rel: "self" | "allocations"; readonly href: string })[] })[]; readonly next_marker: string | null } };
    };
  };
  /** Create a consumer that holds nothing yet. Since 1.0. */
  readonly "consumers/create": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly uuid?: string | undefined; readonly project_id: string; readonly user_id: string; readonly consumer_type?: string | undefined };
    };
    readonly answers: {
      readonly "1.0": { readonly 201: { readonly uuid: string; readonly consumer_generation: number; readonly project_id: string; readonly user_id: string; readonly consumer_type: string; readonly life: string; readonly created_at: string; readonly updated_at: string; readonly expires_at?: string | undefined; readonly lease_version?: number | undefined; readonly links: readonly ({ readonly rel: "self" | "allocations"; readonly href: string })[] } };
    };
  };
  /** Show a consumer. Since 1.0. */
  readonly "consumers/show": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly uuid: string; readonly consumer_generation: number; readonly project_id: string; readonly user_id: string; readonly consumer_type: string; readonly life: string; readonly created_at: string; readonly updated_at: string; readonly expires_at?: string | undefined; readonly lease_version?: number | undefined; readonly links: readonly ({ readonly rel: "self" | "allocations"; readonly href: string })[] } };
    };
  };
  /** Change whose a consumer is. Since 1.0. */
  readonly "consumers/update": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly project_id: string; readonly user_id: string; readonly consumer_type?: string | undefined; readonly consumer_generation: number };
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly uuid: string; readonly consumer_generation: number; readonly project_id: string; readonly user_id: string; readonly consumer_type: string; readonly life: string; readonly created_at: string; readonly updated_at: string; readonly expires_at?: string | undefined; readonly lease_version?: number | undefined; readonly links: readonly ({ readonly rel: "self" | "allocations"; readonly href: string })[] } };
    };
  };
  /** Delete a consumer that holds nothing. Since 1.0. */
  readonly "consumers/delete": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": { readonly generation: QueryValue };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** Raise a consumer's generation by one. Since 1.0. */
  readonly "consumers/raise-generation": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly consumer_generation: number };
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly uuid: string; readonly consumer_generation: number; readonly project_id: string; readonly user_id: string; readonly consumer_type: string; readonly life: string; readonly created_at: string; readonly updated_at: string; readonly expires_at?: string | undefined; readonly lease_version?: number | undefined; readonly links: readonly ({ readonly rel: "self" | "allocations"; readonly href: string })[] } };
    };
  };
  /** Renew a consumer's lease. Since 1.0. */
  readonly "consumers/renew-lease": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly seconds: number; readonly life?: string | undefined; readonly lease_version?: number | undefined };
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly uuid: string; readonly consumer_generation: number; readonly project_id: string; readonly user_id: string; readonly consumer_type: string; readonly life: string; readonly created_at: string; readonly updated_at: string; readonly expires_at?: string | undefined; readonly lease_version?: number | undefined; readonly links: readonly ({ readonly rel: "self" | "allocations"; readonly href: string })[] } };
    };
  };
  /** End a consumer's lease, so that the consumer stays. Since 1.0. */
  readonly "consumers/confirm-lease": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 204: undefined };
    };
  };
  /** List metrics of all resource providers, for Prometheus. Since 1.0. */
  readonly "metrics/list": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": { readonly part?: QueryValue | undefined; readonly allocations?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: string };
    };
  };
  /** Release what consumers hold on a resource provider. Since 1.0. */
  readonly "allocations/empty-provider": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": { readonly limit?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly released: readonly ({ readonly consumer_uuid: string; readonly consumer_generation: number | null; readonly project_id: string; readonly user_id: string; readonly consumer_type: string })[]; readonly more: boolean } };
    };
  };
  /** Claim by query: search candidates for several consumers and claim them, atomically. Since 1.0. */
  readonly "claims/create": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": { readonly consumers: readonly ({ readonly uuid?: string | undefined; readonly project_id: string; readonly user_id: string; readonly consumer_type?: string | undefined; readonly consumer_generation?: number | null | undefined; readonly lease?: number | undefined })[]; readonly alternatives: readonly ({ readonly query: string | Readonly<Record<string, string | readonly string[]>> })[]; readonly explain?: boolean | undefined };
    };
    readonly answers: {
      readonly "1.0": { readonly 201: { readonly alternative: number; readonly tries: number; readonly consumers: readonly ({ readonly uuid: string; readonly consumer_generation: number; readonly life: string; readonly expires_at?: string | undefined; readonly lease_version?: number | undefined; readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>; readonly mappings: Readonly<Record<string, readonly string[]>> })[] } };
    };
  };
  /** Show what was changed of a consumer, by whom and why. Since 1.0. */
  readonly "history/show-by-consumer": {
    readonly path: { readonly consumer_uuid: string };
    readonly query: {
      readonly "1.0": { readonly from?: QueryValue | undefined; readonly to?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly events: readonly ({ readonly id: string; readonly subject: string; readonly generation_before: number | null; readonly generation_after: number | null; readonly truncated?: true | undefined; readonly caller?: { readonly kind: string; readonly user: string } | null | undefined; readonly request_id: string | null; readonly time: string; readonly cause: "request" | "provider_emptied" | "lease_expired" | "idle" | "repair" | "import" | "canary"; readonly change_id?: string | undefined; readonly change_size?: number | undefined; readonly event: "placement.allocation.create" | "placement.allocation.update" | "placement.allocation.delete" | "placement.consumer.create" | "placement.consumer.update" | "placement.consumer.delete" | "placement.lease.delete"; readonly life: string; readonly changes: { readonly project_id?: { readonly before: string | null; readonly after: string | null } | undefined; readonly user_id?: { readonly before: string | null; readonly after: string | null } | undefined; readonly consumer_type?: { readonly before: string | null; readonly after: string | null } | undefined; readonly expires_at?: { readonly before: string | null; readonly after: string | null } | undefined; readonly allocations?: { readonly before: Readonly<Record<string, Readonly<Record<string, number>>>> | null; readonly after: Readonly<Record<string, Readonly<Record<string, number>>>> | null } | undefined }; readonly project_id: string })[]; readonly next_marker: string | null; readonly complete_since: string | null } };
    };
  };
  /** Show what was changed of a resource provider, by whom and why. Since 1.0. */
  readonly "history/show-by-provider": {
    readonly path: { readonly uuid: string };
    readonly query: {
      readonly "1.0": { readonly from?: QueryValue | undefined; readonly to?: QueryValue | undefined; readonly limit?: QueryValue | undefined; readonly marker?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly events: readonly ({ readonly id: string; readonly subject: string; readonly generation_before: number | null; readonly generation_after: number | null; readonly truncated?: true | undefined; readonly caller?: { readonly kind: string; readonly user: string } | null | undefined; readonly request_id: string | null; readonly time: string; readonly cause: "request" | "provider_emptied" | "lease_expired" | "idle" | "repair" | "import" | "canary"; readonly change_id?: string | undefined; readonly change_size?: number | undefined; readonly event: "placement.resource_provider.create" | "placement.resource_provider.update" | "placement.resource_provider.delete" | "placement.inventory.update" | "placement.traits.update" | "placement.aggregates.update"; readonly life: null; readonly changes: { readonly name?: { readonly before: string | null; readonly after: string | null } | undefined; readonly parent_provider_uuid?: { readonly before: string | null; readonly after: string | null } | undefined; readonly root_provider_uuid?: { readonly before: string | null; readonly after: string | null } | undefined; readonly inventories?: { readonly before: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> | null; readonly after: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> | null } | undefined; readonly traits?: { readonly before: readonly string[] | null; readonly after: readonly string[] | null } | undefined; readonly aggregates?: { readonly before: readonly string[] | null; readonly after: readonly string[] | null } | undefined }; readonly project_id: null })[]; readonly next_marker: string | null; readonly complete_since: string | null } };
    };
  };
  /** Follow what is changed of consumers and providers, from a cursor on. Since 1.0. */
  readonly "events/follow": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": { readonly subject?: QueryValue | undefined; readonly project?: QueryValue | undefined; readonly since?: QueryValue | undefined; readonly after?: QueryValue | undefined; readonly wait?: QueryValue | undefined; readonly limit?: QueryValue | undefined };
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly events: readonly ({ readonly id: string; readonly subject: string; readonly generation_before: number | null; readonly generation_after: number | null; readonly truncated?: true | undefined; readonly caller?: { readonly kind: string; readonly user: string } | null | undefined; readonly request_id: string | null; readonly time: string; readonly cause: "request" | "provider_emptied" | "lease_expired" | "idle" | "repair" | "import" | "canary"; readonly change_id?: string | undefined; readonly change_size?: number | undefined; readonly event: "placement.allocation.create" | "placement.allocation.update" | "placement.allocation.delete" | "placement.consumer.create" | "placement.consumer.update" | "placement.consumer.delete" | "placement.lease.delete"; readonly life: string; readonly changes: { readonly project_id?: { readonly before: string | null; readonly after: string | null } | undefined; readonly user_id?: { readonly before: string | null; readonly after: string | null } | undefined; readonly consumer_type?: { readonly before: string | null; readonly after: string | null } | undefined; readonly expires_at?: { readonly before: string | null; readonly after: string | null } | undefined; readonly allocations?: { readonly before: Readonly<Record<string, Readonly<Record<string, number>>>> | null; readonly after: Readonly<Record<string, Readonly<Record<string, number>>>> | null } | undefined }; readonly project_id: string } | { readonly id: string; readonly subject: string; readonly generation_before: number | null; readonly generation_after: number | null; readonly truncated?: true | undefined; readonly caller?: { readonly kind: string; readonly user: string } | null | undefined; readonly request_id: string | null; readonly time: string; readonly cause: "request" | "provider_emptied" | "lease_expired" | "idle" | "repair" | "import" | "canary"; readonly change_id?: string | undefined; readonly change_size?: number | undefined; readonly event: "placement.resource_provider.create" | "placement.resource_provider.update" | "placement.resource_provider.delete" | "placement.inventory.update" | "placement.traits.update" | "placement.aggregates.update"; readonly life: null; readonly changes: { readonly name?: { readonly before: string | null; readonly after: string | null } | undefined; readonly parent_provider_uuid?: { readonly before: string | null; readonly after: string | null } | undefined; readonly root_provider_uuid?: { readonly before: string | null; readonly after: string | null } | undefined; readonly inventories?: { readonly before: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> | null; readonly after: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly min_unit: number; readonly max_unit: number; readonly step_size: number; readonly allocation_ratio: number }>> | null } | undefined; readonly traits?: { readonly before: readonly string[] | null; readonly after: readonly string[] | null } | undefined; readonly aggregates?: { readonly before: readonly string[] | null; readonly after: readonly string[] | null } | undefined }; readonly project_id: null })[]; readonly next: string } };
    };
  };
  /** Show the state of the service: large changes, verification, lags, requests. Since 1.0. */
  readonly "status/show": {
    readonly path: unknown;
    readonly query: {
      readonly "1.0": unknown;
    };
    readonly body: {
      readonly "1.0": undefined;
    };
    readonly answers: {
      readonly "1.0": { readonly 200: { readonly time: string; readonly release: string; readonly scope: "server" | "table"; readonly large_changes: readonly ({ readonly id: string; readonly state: "pending" | "committed" | "aborted"; readonly since: string | null; readonly items: number | null; readonly expires_at: string })[]; readonly more_large_changes: boolean; readonly verification: { readonly since: string; readonly at: string; readonly checked: number; readonly findings: number; readonly repaired: number; readonly unsettled: number; readonly rules: readonly ({ readonly rule: string; readonly findings: number })[] } | null; readonly leases: { readonly lag_seconds: number; readonly swept_at: string | null; readonly held_until: string | null }; readonly events: { readonly lag_seconds: number | null; readonly appended_at: string | null } | null; readonly requests: { readonly since: string; readonly by_operation: readonly ({ readonly operation: string; readonly count: number; readonly errors: number; readonly p50_ms: number | null; readonly p99_ms: number | null })[]; readonly refusals: readonly ({ readonly status: number; readonly code: string; readonly count: number })[] } | null } };
    };
  };
}
