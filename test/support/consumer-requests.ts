/** Requests about consumers as records of their own, and what refuses them. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Requester } from "./world.ts";

export const RECORD_OWNER = { project_id: "a project", user_id: "a user" };

/** @param api the server, asked for with each request: tests start theirs later */
export function consumerRequests(api: () => Requester) {
  const create = (body: object, version = "1.39") =>
    api().request("POST", "/consumers", { body, version });
  const show = (uuid: string) => api().request("GET", `/consumers/${uuid}`);
  const remove = (uuid: string, generation: number | string) =>
    api().request("DELETE", `/consumers/${uuid}?generation=${generation}`);
  const made = async (given: object = {}): Promise<string> => {
    const uuid = randomUUID();
    expect((await create({ uuid, ...RECORD_OWNER, ...given })).status).toBe(201);
    return uuid;
  };
  return { create, show, remove, made };
}

export const consumerConflict = (expected: number, got: number) => ({
  status: 409,
  code: "placement.concurrent_update",
  message: `consumer generation conflict - expected ${expected} but got ${got}`,
});

export const unknownConsumer = (uuid: string) => ({
  status: 404,
  message: `No consumer with uuid ${uuid} found`,
});
