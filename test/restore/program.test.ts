/** `npm run restore` as a program: what it cannot do is one line. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { freePort } from "../../lib/local/ports.ts";
import { Program } from "../support/program.ts";

const script = fileURLToPath(new URL("../../scripts/run-program.mjs", import.meta.url));
const KEYS = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };

test("a DynamoDB that cannot be reached is told in one line", async () => {
  const DYNAMODB_ENDPOINT = `http://127.0.0.1:${await freePort("127.0.0.1")}`;
  const args = ["lib/local/restore.ts", "--table", "placement", "--to", "latest", "--dry-run"];
  const program = new Program({ args, script, environment: { ...KEYS, DYNAMODB_ENDPOINT } });
  expect(await program.ended).toBe(1);
  expect(program.stdout).toBe("");
  expect(program.stderr).toMatch(/^restore: DynamoDB cannot be used: .*ECONNREFUSED.*\n$/);
});
