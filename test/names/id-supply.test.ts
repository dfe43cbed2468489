/** Ids of custom names: taken together, given out once, whoever creates at the same time. */
import { expect, test } from "vitest";
import { customNameOf, nameKindOf } from "../../lib/store/items/custom-name.ts";
import { NAMES_KEY, namesOf } from "../../lib/store/items/names.ts";
import { TAKEN } from "../../lib/store/names/id-supply.ts";
import { isWrite } from "../support/between.ts";
import { useBetween, useFaulty } from "../support/frame.ts";

const between = useBetween({ verified: "after-each" });
const faulty = useFaulty({ verified: "after-each" });

const named = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, n) => `CUSTOM_${prefix}_${n}`);
const create = ({ request }: Pick<typeof between.quick, "request">, name: string) =>
  request("PUT", `/traits/${name}`);

/** The ids of all custom names, and the next one. */
async function stored({ items }: Pick<typeof between.quick, "items">) {
  const all = await items();
  const ids = all
    .filter((item) => nameKindOf(item) !== undefined)
    .map((item) => customNameOf(item).id);
  const { nextId } = namesOf(all.find(({ pk }) => pk === NAMES_KEY.pk));
  return { ids, nextId };
}

test("two functions that create at the same time give no id twice", async () => {
  const { slow, quick, before } = between;
  const times = before(isWrite, () => create(quick, "CUSTOM_FIRST"));
  expect((await create(slow, "CUSTOM_SECOND")).status).toBe(201);
  expect(times()).toBe(1);
  const names = named(2 * TAKEN, "BOTH");
  for (const [n, name] of names.entries()) {
    expect((await create(n % 3 === 0 ? slow : quick, name)).status).toBe(201);
  }
  const { ids, nextId } = await stored(quick);
  expect(new Set(ids).size).toBe(names.length + 2);
  expect(Math.max(...ids)).toBeLessThan(nextId);
});

test("creations and deletions at the same time do not refuse one another", async () => {
  await create(faulty.api, "CUSTOM_BEFORE");
  let writes = 0;
  faulty.interpose(async (call) => {
    writes += Number(isWrite(call));
    return call.send();
  });
  const names = named(TAKEN - 1, "CROWD");
  const made = await Promise.all(names.map((name) => create(faulty.api, name)));
  expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201]));
  const deleted = await Promise.all(
    names.map((name) => faulty.api.request("DELETE", `/traits/${name}`)),
  );
  expect(new Set(deleted.map(({ status }) => status))).toEqual(new Set([204]));
  expect(writes).toBe(2 * names.length);
});
