/** What the answer to a claim says of its lease. */
import { type Answer, noContent } from "../../lib/api/answer.ts";
import { expiresHeader } from "../../lib/api/lease-headers.ts";
import type { Consumer } from "../../lib/model/consumer.ts";

export const LEASE_ANSWER_HEADERS = {
  "Placement-Lease-Expires-At":
    "When the lease ends that the request began or renewed. An extension.",
};

/** @param expires milliseconds since 1970; undefined: no lease has begun */
export function leasedNoContent(expires: number | undefined): Answer {
  return expires === undefined ? noContent() : { ...noContent(), headers: expiresHeader(expires) };
}

export function leaseHeaders({ lease }: Consumer): Readonly<Record<string, string>> {
  return expiresHeader(lease?.term?.expires);
}
