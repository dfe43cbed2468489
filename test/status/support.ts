/** Requests for the state of the service. */
import { expect } from "vitest";
import type * as z from "zod";
import { statusAnswers } from "../../functions/status/answers.ts";
import type { RequestOptions } from "../support/api.ts";
import type { Requester } from "../support/world.ts";

export interface Status {
  readonly time: string;
  readonly release: string;
  readonly scope: string;
  readonly large_changes: readonly {
    readonly id: string;
    readonly state: string;
    readonly since: string | null;
    readonly items: number | null;
    readonly expires_at: string;
  }[];
  readonly more_large_changes: boolean;
  readonly verification: {
    readonly since: string;
    readonly at: string;
    readonly checked: number;
    readonly findings: number;
    readonly repaired: number;
    readonly unsettled: number;
    readonly rules: readonly { readonly rule: string; readonly findings: number }[];
  } | null;
  readonly leases: {
    readonly lag_seconds: number;
    readonly swept_at: string | null;
    readonly held_until: string | null;
  };
  readonly events: {
    readonly lag_seconds: number | null;
    readonly appended_at: string | null;
  } | null;
  readonly requests: {
    readonly since: string;
    readonly by_operation: readonly {
      readonly operation: string;
      readonly count: number;
      readonly errors: number;
      readonly p50_ms: number | null;
      readonly p99_ms: number | null;
    }[];
    readonly refusals: readonly {
      readonly status: number;
      readonly code: string;
      readonly count: number;
    }[];
  } | null;
}

/** As it is answered, in the form that is documented. */
export async function readStatus({ request }: Requester, options: RequestOptions = {}) {
  const { status, body } = await request("GET", "/status", options);
  expect([status, body]).toEqual([200, expect.anything()]);
  const schema = statusAnswers["1.0"]?.[200] as z.ZodType;
  return schema.parse(body) as Status;
}

export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
