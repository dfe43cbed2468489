/** `npm run import` from one server of ours into the table of another one. */
import { beforeAll, expect, test } from "vitest";
import { chance } from "../support/chance.ts";
import { useApi } from "../support/frame.ts";
import { runProgram, tableOf } from "./run.ts";
import { makeSource } from "./world.ts";

const source = useApi();
const target = useApi();

beforeAll(async () => {
  await makeSource(source, chance("import"), { trees: 3, consumers: 20 });
});

const run = (...args: string[]) =>
  runProgram(["--from", source.url, "--token", "admin", ...args], tableOf(target));

test("first", async () => {
  const ran = await run();
  console.log(ran);
  expect(ran.status).toBe(0);
  const v = await run("--verify");
  console.log(v);
  expect(v.lines).toEqual(["0 differences"]);
});
