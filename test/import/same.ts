/** Two services show the same through the API. */
import { expect } from "vitest";
import type { Api } from "../support/api.ts";

type Shown = Pick<Api, "request">;

async function read({ request }: Shown, path: string): Promise<unknown> {
  const { status, body } = await request("GET", path);
  return { status, body };
}

/** All providers with what belongs to each, in the same order; and these consumers. */
export async function expectSame(
  source: Shown,
  target: Shown,
  consumers: readonly string[],
): Promise<void> {
  const paths = ["/traits?name=startswith:CUSTOM_", "/resource_classes", "/resource_providers"];
  const { body } = await source.request("GET", "/resource_providers");
  for (const { uuid } of body.resource_providers) {
    for (const name of ["inventories", "usages", "traits", "aggregates"]) {
      paths.push(`/resource_providers/${uuid}/${name}`);
    }
  }
  paths.push(...consumers.map((uuid) => `/allocations/${uuid}`));
  for (const path of paths) {
    expect([path, await read(target, path)]).toEqual([path, await read(source, path)]);
  }
}
