/** Ids of custom names: taken together, given out once, whoever creates at the same time. */
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { customNameOf, nameKindOf } from "../../lib/store/items/custom-name.ts";
import { NAMES_KEY, namesOf } from "../../lib/store/items/names.ts";
import { TAKEN } from "../../lib/store/names/id-supply.ts";
import { isWrite } from "../support/between.ts";
import { useBetween, useFaulty } from "../support/frame.ts";
import { detailOf } from "../support/world.ts";

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
  // The first race is for the first ids of the table; in the second one both have used up theirs.
  for (const race of ["ONE", "TWO"]) {
    const times = before(isWrite, () => create(quick, `CUSTOM_FIRST_${race}`));
    expect((await create(slow, `CUSTOM_SECOND_${race}`)).status).toBe(201);
    expect(times()).toBe(1);
    for (const [index, server] of [slow, quick].entries()) {
      for (const name of named(TAKEN - 1, `OF_${index}_${race}`)) {
        expect((await create(server, name)).status).toBe(201);
      }
    }
  }
  const { ids, nextId } = await stored(quick);
  expect(new Set(ids).size).toBe(4 * TAKEN);
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

test("a name whose version is lost, as by a partial restore, is refused at once", async () => {
  const { api, sound } = faulty;
  expect((await create(api, "CUSTOM_LOST")).status).toBe(201);
  const { client, tableName: TableName } = sound;
  const kept = (await sound.items()).find(({ pk }) => pk === NAMES_KEY.pk);
  await client.send(new DeleteCommand({ TableName, Key: NAMES_KEY }));
  let writes = 0;
  faulty.interpose(async (call) => {
    writes += Number(isWrite(call));
    return call.send();
  });
  const answer = await api.request("DELETE", "/traits/CUSTOM_LOST");
  expect([answer.status, writes]).toEqual([503, 1]);
  expect(detailOf(answer)).toContain("custom names have no version");
  await client.send(new PutCommand({ TableName, Item: kept }));
  expect((await api.request("DELETE", "/traits/CUSTOM_LOST")).status).toBe(204);
});
