/** A definition of an operation determines the types of its path parameters and of its body. */
import { expect, test } from "vitest";
import { createBody } from "../../functions/resource-providers/schemas.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { nameParameter, uuidParameter } from "../../lib/api/path-parameters.ts";
import type { Uuid } from "../../lib/model/uuid.ts";

const base = { id: "x", summary: "x", since: "1.0", access: [], refusals: [] } as const;
const run = async () => ({ status: 204 });

test("each parameter of a route has a parser, and no other one has", () => {
  // @ts-expect-error there is none
  defineOperation({ ...base, run, route: "GET /a/{uuid}" });
  const uuid = { uuid: uuidParameter };
  // @ts-expect-error `name` has none
  defineOperation({ ...base, run, route: "GET /a/{uuid}/b/{name}", params: uuid });
  // @ts-expect-error the route has no parameter
  defineOperation({ ...base, run, route: "GET /a", params: uuid });
  expect(defineOperation({ ...base, run, route: "GET /a/{uuid}", params: uuid }).params).toBe(uuid);
});

test("parameters and body have the types that parsers and schemas give", () => {
  const operation = defineOperation({
    ...base,
    route: "PUT /a/{uuid}/b/{name}",
    params: { uuid: uuidParameter, name: nameParameter },
    body: createBody,
    async run({ params, body }) {
      const uuid: Uuid = params.uuid;
      const names: string[] = [params.name, body.name];
      // @ts-expect-error a name is no uuid
      const other: Uuid = params.name;
      // @ts-expect-error only some versions have it
      const parent = body.parent_provider_uuid;
      return { status: 200, body: [uuid, names, other, parent] };
    },
  });
  expect(Object.keys(operation.params ?? {})).toEqual(["uuid", "name"]);
});
