/** The steps and settings of docs/deployment.md exist, in that order. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readSettings, SETTING_NAMES } from "../../infra/settings.ts";

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

it("restores by the command, between stopping the callers and letting them in", () => {
  const runbook = readFileSync("docs/backup.md", "utf8").split("\nThe whole of it:\n")[1] ?? "";
  const steps = [
    "Stop the callers",
    "`npm run restore`",
    'Deploy with `"tableName"',
    "Let the callers in",
  ];
  const places = steps.map((step) => runbook.indexOf(step));
  expect(steps.filter((_, index) => places[index] === -1)).toEqual([]);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(section("Back up and restore")).toContain("(backup.md)");
});

it("has commands that an interactive shell leaves as they are", () => {
  const documents = text + readFileSync("docs/backup.md", "utf8");
  const blocks = [...documents.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  expect(blocks.length).toBeGreaterThan(5);
  // In double quotes bash takes `!` for its history, and backticks for a command.
  for (const block of blocks) {
    const outside = block.replaceAll(/'[^']*'/g, "");
    for (const [quoted] of outside.matchAll(/"[^"]*"/g)) expect(quoted).not.toMatch(/[!`]/);
  }
});

it("shows settings that the stack takes, in the document for OpenStack too", () => {
  const documents = [text, readFileSync("docs/openstack.md", "utf8")];
  const blocks = documents.flatMap((each) => [...each.matchAll(/```json\n(.*?)```/gs)]);
  const settings = blocks
    .map(([, json = ""]) => JSON.parse(json.replaceAll(/^ {3}/gm, "")))
    .map((each) => each.placement ?? each)
    .filter((each) => !("Effect" in each));
  expect(settings.filter(({ endpoints }) => endpoints !== undefined)).toHaveLength(3);
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
