/** Requests of one consumer's allocations in the forms of all versions. */
import { expect } from "vitest";
import type { Requester } from "./world.ts";

/** @param api the server, asked for with each request: tests start theirs later */
export function allocationRequests(api: () => Requester) {
  const put = (consumer: string, body: object, version: string) =>
    api().request("PUT", `/allocations/${consumer}`, { body, version });
  const show = async (consumer: string, version = "1.39") => {
    const answer = await api().request("GET", `/allocations/${consumer}`, { version });
    expect(answer.status).toBe(200);
    return answer.body;
  };
  return { put, show };
}

/** The form to 1.11. */
export const list = (...entries: readonly [string, object][]) =>
  entries.map(([uuid, resources]) => ({ resource_provider: { uuid }, resources }));
