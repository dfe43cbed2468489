/** The steps and settings of docs/deployment.md exist, in that order. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readSettings, SETTING_NAMES } from "../../infra/settings.ts";
import { TABLE_SCHEMA } from "../../lib/store/table/table-schema.ts";

const text = readFileSync("docs/deployment.md", "utf8");

/** A section of the document by its title, without those after it. */
function section(title: string): string {
  const [, after = ""] = text.split(`## ${title}\n`);
  return after.split(/\n## /)[0] ?? "";
}

it("describes every setting, and says of replicas why there are none", () => {
  const rows = section("Deploy").split("\n");
  const documented = rows.filter((row) => row.startsWith("| `")).join("\n");
  const missing = SETTING_NAMES.filter((name) => !documented.includes(`\`${name}\``));
  expect(missing).toEqual(["replicas"]);
  expect(section("Deploy")).toContain("There is no setting `replicas`: it is refused");
});

it("restores everything that a table has, in an order that works", () => {
  const runbook = section("Back up and restore").replaceAll(/\\\n\s*/g, "");
  const commands = [
    'restore-table-to-point-in-time --source-table-name "$OLD"',
    "--sse-specification-override Enabled=true,SSEType=KMS,KMSMasterKeyId=",
    'until aws dynamodb wait table-exists --table-name "$NEW"; do',
    'update-continuous-backups --table-name "$NEW" --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true',
    'update-table --table-name "$NEW" --deletion-protection-enabled',
    `update-time-to-live --table-name "$NEW" --time-to-live-specification Enabled=true,AttributeName=${TABLE_SCHEMA.timeToLive}`,
    'list-tags-of-resource --resource-arn "$OLD_ARN"',
    'tag-resource --resource-arn "$NEW_ARN"',
    'update-contributor-insights --table-name "$NEW"',
    'update-table --table-name "$NEW" --warm-throughput',
    "describe-time-to-live",
    'Deploy with `"tableName"',
    "maintenance-finish-changes",
    "maintenance-rebuild-records",
    "maintenance-verify-table",
    "Let the callers in",
  ];
  const places = commands.map((command) => runbook.indexOf(command));
  expect(commands.filter((_, index) => places[index] === -1)).toEqual([]);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  // It would take a table from the operator's key to the account's.
  expect(runbook).not.toMatch(
    /--sse-specification-override Enabled=true(?!,SSEType=KMS,KMSMaster)/,
  );
});

it("has commands that an interactive shell leaves as they are", () => {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  expect(blocks.length).toBeGreaterThan(5);
  // In double quotes bash takes `!` for its history, and backticks for a command.
  for (const block of blocks) {
    const outside = block.replaceAll(/'[^']*'/g, "");
    for (const [quoted] of outside.matchAll(/"[^"]*"/g)) expect(quoted).not.toMatch(/[!`]/);
  }
  expect(section("Back up and restore")).toContain(
    "--query 'Tags[?!starts_with(Key, `\"aws:\"`)]' > tags.json",
  );
});

it("shows settings that the stack takes, in the document for OpenStack too", () => {
  const documents = [text, readFileSync("docs/openstack.md", "utf8")];
  const blocks = documents.flatMap((each) => [...each.matchAll(/```json\n(.*?)```/gs)]);
  const settings = blocks
    .map(([, json = ""]) => JSON.parse(json.replaceAll(/^ {3}/gm, "")))
    .map((each) => each.placement ?? each)
    .filter((each) => !("Effect" in each));
  expect(settings.filter(({ endpoints }) => endpoints !== undefined)).toHaveLength(2);
  expect(settings.length).toBeGreaterThanOrEqual(5);
  for (const { stages, ...each } of settings) expect(() => readSettings(each)).not.toThrow();
});

it("grants aliases to their end, in its policies and its code", () => {
  const direct = readFileSync("docs/direct-invocation.md", "utf8");
  for (const document of [section("Callers"), section("Deploy"), direct]) {
    const allowed = document.match(/"Effect": "Allow", "Action": "lambda:InvokeFunction",[^}]*/g);
    for (const policy of allowed ?? []) {
      const arns = policy.match(/arn:aws:lambda:[^"]*/g) ?? [];
      expect(arns.length).toBeGreaterThan(0);
      for (const arn of arns) expect(arn).toMatch(/:direct$/);
    }
    expect(document).toMatch(/direct\("allocations\/replace"\)|:direct/);
  }
});
