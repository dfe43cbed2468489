/** No expression is ever built from text: all names and values stand behind placeholders. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { tasks } from "../../functions/index.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { everyWrite, sendStep } from "../support/every-write.ts";
import { expressionsOf } from "../support/expressions.ts";
import { useApi } from "../support/frame.ts";
import { interpose } from "../support/interpose.ts";
import { keyed, largeBody } from "../support/keyed.ts";
import { sourcesIn } from "../support/sources.ts";
import { makeProvider } from "../support/world.ts";

describe("what is sent", () => {
  const texts = new Set<string>();
  const foreign = new Set<string>();
  const commands = new Set<string>();
  const api = useApi({
    connection: (connection) =>
      interpose(connection, (call) => {
        const found = expressionsOf(call);
        commands.add(call.command);
        for (const text of found.texts) texts.add(text);
        for (const name of found.foreign) foreign.add(name);
        return call.send();
      }),
  });

  test("by every write, read and task has placeholders only", async () => {
    const provider = await makeProvider(api, { VCPU: 100 });
    for (const step of everyWrite(provider)) await sendStep(api, step, keyed(randomUUID()));
    const other = await makeProvider(api, { VCPU: 100 });
    const body = largeBody([provider, other]);
    expect((await api.request("POST", "/allocations", { body })).status).toBe(204);
    for (const path of [
      "/resource_providers",
      "/traits?associated=true",
      `/resource_providers/${provider}/allocations`,
      "/usages?project_id=project&user_id=user",
      "/consumers?project_id=project&user_id=user&limit=1",
      "/consumers?idle_for=0&limit=1",
    ]) {
      expect((await api.request("GET", path)).status, path).toBe(200);
    }
    for (const task of tasks) {
      const input = task.input.safeParse({}).success ? {} : { older_than: 0 };
      await taskLambda(task, async () => api.runtime)(input).catch(() => undefined);
    }
    expect([...foreign]).toEqual([]);
    expect(texts.size).toBeGreaterThan(20);
    expect([...commands].sort()).toEqual(
      expect.arrayContaining(["BatchGet", "Get", "Query", "Scan", "TransactWrite", "Update"]),
    );
  });

  test("would be found out otherwise", () => {
    const call = (text: string) => ({
      command: "Update",
      keys: [],
      send: async () => undefined,
      input: { TransactItems: [{ Put: { ConditionExpression: text } }] },
    });
    expect(expressionsOf(call("attribute_not_exists(#a) AND #b.#c >= :d")).foreign).toEqual([]);
    expect(expressionsOf(call("name = :a")).foreign).toEqual(["name"]);
    expect(expressionsOf(call("#a = 5")).foreign).toEqual(["5"]);
    expect(expressionsOf(call("#a = 'x'")).foreign).toEqual(["'x'"]);
  });
});

test("only the store makes expressions, and no statement is ever sent as text", () => {
  const sources = sourcesIn("lib", "functions");
  const above = sources.filter(({ path }) => !path.startsWith("lib/store/"));
  const expressions =
    /\b(Condition|Update|Filter|Projection|KeyCondition)Expression\b|\b(attribute_not_exists|attribute_exists|begins_with|list_append)\(/;
  const statements = /\b(PartiQL|ExecuteStatement|ExecuteTransaction|BatchExecuteStatement)/;
  expect(sources.length).toBeGreaterThan(100);
  expect(above.filter(({ text }) => expressions.test(text)).map(({ path }) => path)).toEqual([]);
  expect(sources.filter(({ text }) => statements.test(text)).map(({ path }) => path)).toEqual([]);
});
