/** `npm start` on a table elsewhere that an older version has written: upgraded on request only. */

import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, expect, test } from "vitest";
import { LOGS, logKey } from "../../lib/store/items/shard-log.ts";
import { FORMAT, META_KEY } from "../../lib/store/items/table-format.ts";
import { testEndpoint } from "../support/engine.ts";
import { useApi } from "../support/frame.ts";
import { Program } from "../support/program.ts";

const api = useApi();

beforeAll(async () => {
  const { client, tableName: TableName } = api;
  for (const Key of [META_KEY, ...Array.from({ length: LOGS }, (_, n) => logKey(n))]) {
    await client.send(new DeleteCommand({ TableName, Key }));
  }
  const Item = { pk: "HEADS#1", sk: "5", version: 0, base: 0, providers: [] };
  await client.send(new PutCommand({ TableName, Item }));
});

const start = (...args: string[]) =>
  new Program({
    args: ["--port", "0", ...args],
    environment: {
      DYNAMODB_ENDPOINT: testEndpoint(),
      TABLE_NAME: api.tableName,
    },
  });

test("it starts without --upgrade, says what there is to do, and keeps the format", async () => {
  const before = await api.items();
  const program = start();
  await program.ready();
  expect(program.stdout).toMatch(/ keeps format 1, .* start it once with --upgrade\n/);
  await program.stop();
  expect(await api.items()).toEqual(before);
});

test("with --upgrade it upgrades the table and serves it, and without it from then on", async () => {
  for (const args of [["--upgrade"], []]) {
    const program = start(...args);
    await program.ready();
    expect(program.stdout.includes("upgraded from format 1 to 2")).toBe(args.length > 0);
    await program.stop();
  }
  const items = await api.items();
  expect(items.find(({ pk }) => pk === META_KEY.pk)?.["format"]).toBe(FORMAT);
  expect(items.filter(({ pk }) => pk.startsWith("HEADS#"))).toEqual([]);
});
