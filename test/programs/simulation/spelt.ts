/** Writes the uuids of a request otherwise now and then: it means the same. */
import type { Chance } from "../../support/chance.ts";
import { dashed, SPELLINGS, type Spell } from "../../support/spellings.ts";
import type { HttpRequest, Operation } from "./operation.ts";

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** One request in four. */
export function speltAnyhow(random: Chance, operation: Operation): Operation {
  if (operation.kind === "task" || random.below(4) > 0) return operation;
  const spell = random.pick([SPELLINGS.upper, SPELLINGS.mixed, SPELLINGS.undashed]);
  return { ...operation, request: speltRequest(operation.request, spell) };
}

function speltRequest({ path, body, ...rest }: HttpRequest, spell: Spell): HttpRequest {
  const [name = "", ...query] = path.split("?");
  return {
    ...rest,
    path: [name.replaceAll(UUID, spell), ...query].join("?"),
    ...(body === undefined ? {} : { body: speltBody(body, spell) }),
  };
}

/** Keys have 36 characters. */
function speltBody(value: unknown, spell: Spell): unknown {
  if (typeof value === "string") return value.replaceAll(UUID, spell);
  if (Array.isArray(value)) return value.map((each) => speltBody(each, spell));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [
    key.replaceAll(UUID, dashed(spell)),
    speltBody(each, spell),
  ]);
  return Object.fromEntries(entries);
}
