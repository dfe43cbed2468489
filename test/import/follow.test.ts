/** `npm run import -- --follow` from a source that changes between its readings. */
import { expect, test } from "vitest";
import { useApi } from "../support/frame.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, makeProvider, putInventories, release } from "../support/world.ts";
import { altered } from "./altered.ts";
import { runProgram, tableOf } from "./run.ts";
import { expectSame } from "./same.ts";

const source = useApi();
const target = useApi();

/** Follows; once the first reading is over, the source is changed before the second begins. */
async function follow(change: () => Promise<void>) {
  let lists = 0;
  let changed: Promise<void> | undefined;
  const watching = altered(({ path }) => {
    if (path === "/resource_providers") lists += 1;
    return undefined;
  });
  const args = ["--from", source.url, "--token", "admin", "--follow"];
  return runProgram(args, tableOf(target), {
    fetch: async (url, init) => {
      if (lists === 1 && new URL(url).pathname === "/resource_classes") {
        changed ??= change();
        await changed;
      }
      return watching(url, init);
    },
  });
}

test("changes that raise no generation of a provider are found by the next reading", async () => {
  const [one, two] = [await makeProvider(source, { VCPU: 8 }), await makeProvider(source)];
  const [released, again] = [randomUuid(), randomUuid()];
  await claim(source, released, { [one]: { VCPU: 2 } });
  await claim(source, again, { [one]: { VCPU: 2 } });
  const { status, lines } = await follow(async () => {
    await release(source, released);
    const path = `/resource_providers/${two}/aggregates`;
    await source.request("PUT", path, { body: [randomUuid()], version: "1.18" });
  });
  expect(lines.at(-2)).toBe("pass 2: 1 provider changed, 1 consumer deleted; 0 not written");
  expect(lines.at(-1)).toMatch(/^equal: reading 3 of the source/);
  expect(status).toBe(0);
  await expectSame(source, target, [released, again]);
});

test("what comes, changes and goes meanwhile does so in the table too", async () => {
  const goes = await makeProvider(source, { VCPU: 1 });
  const stays = await makeProvider(source, { VCPU: 4 });
  const [mover, fresh] = [randomUuid(), randomUuid()];
  await claim(source, mover, { [goes]: { VCPU: 1 } });
  const { status, lines } = await follow(async () => {
    await claim(source, mover, { [stays]: { VCPU: 1 } }, 1);
    await source.request("DELETE", `/resource_providers/${goes}`);
    await putInventories(source, stays, 2, { VCPU: 5, MEMORY_MB: 7 });
    await claim(source, fresh, { [stays]: { VCPU: 4, MEMORY_MB: 7 } });
  });
  expect(lines.at(-1)).toMatch(/^equal: reading 3 of the source/);
  expect(status).toBe(0);
  await expectSame(source, target, [mover, fresh]);
});

test("a source that never rests ends what is followed after the readings that are allowed", async () => {
  const busy = await makeProvider(source, { VCPU: 4 });
  let total = 4;
  const args = ["--from", source.url, "--token", "admin", "--follow", "--passes", "2"];
  const { status, warnings } = await runProgram(args, tableOf(target), {
    fetch: async (url, init) => {
      if (new URL(url).pathname === "/resource_classes") {
        total += 1;
        await putInventories(source, busy, total - 4, { VCPU: total });
      }
      return fetch(url, init);
    },
  });
  expect(status).toBe(1);
  expect(warnings.at(-1)).toBe(
    "the source kept changing: follow it again once nobody writes to it",
  );
});
