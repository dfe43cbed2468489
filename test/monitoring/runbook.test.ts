/** The runbook: a section for each alarm that a stack can have, to which the alarm links. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ALARM_IDS } from "../../infra/monitoring/alarm-rules.ts";
import { RUNBOOK } from "../../infra/runbook.ts";
import { useAssemblies } from "../stack/support/assembly.ts";
import { ENDPOINTS, TOPIC } from "./support/monitored.ts";

/** Of CloudWatch, in characters. */
const MAX_DESCRIPTION = 1_024;
const OWN_RUNBOOK = "https://wiki.example/placement";
const rollout = "canary10Percent5Minutes";

const [, ...texts] = readFileSync("docs/runbook.md", "utf8").split(/^## /m);
const sections = new Map(texts.map((text) => [text.slice(0, text.indexOf("\n")), text] as const));
const [first, ...headings] = sections.keys();

const assemblies = useAssemblies();

/** The alarms of all constructs, parts of composed ones too. */
function alarmsWith(settings: Readonly<Record<string, unknown>>) {
  const assembly = assemblies(settings, { templateOnly: true });
  return ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"].flatMap((type) =>
    assembly.ofType(type).map(([, { Properties }]) => ({
      name: String(Properties.AlarmName),
      description: String(Properties.AlarmDescription),
    })),
  );
}

const monitoring = { alarmTopicArn: TOPIC, runbook: OWN_RUNBOOK };
const everything = alarmsWith({ endpoints: ENDPOINTS, canaryInterval: 300, rollout, monitoring });
const rolledOut = alarmsWith({ rollout });

describe("the runbook", () => {
  it("has a section for each alarm, and none for others", () => {
    expect(first).toBe("Before you begin");
    expect(headings.sort()).toEqual([...ALARM_IDS, "rollout-N"].sort());
  });

  it.each(headings)("says of %s what it means, where to look, what to do, whom to wake", (name) => {
    const text = sections.get(name) ?? "";
    const parts = ["What it means", "What to look at", "What to do", "When to wake somebody"];
    const found = parts.map((part) => text.indexOf(`\n**${part}.**`));
    expect(found).not.toContain(-1);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    const commands = text.slice(found[1], found[2]);
    expect(commands).toMatch(/```sh\n(.*\n)*(metric|insights|aws) .*\n(.*\n)*```/);
  });

  it("has the section to which each alarm of every construct links", () => {
    const linked = new Set<string>();
    for (const { name, description } of everything) {
      const [, own = ""] = /^placement-(.+)$/.exec(name) ?? [];
      // A number counts alarms of one kind, and parts of an alarm.
      const heading = headings.find((each) => {
        return (
          own === each || own.replace(/\d+$/, "N") === each || own.replace(/-\d+$/, "") === each
        );
      });
      expect([name, heading]).not.toContain(undefined);
      expect(description.endsWith(` ${OWN_RUNBOOK}#${heading?.toLowerCase()}`)).toBe(true);
      expect(description.length).toBeLessThanOrEqual(MAX_DESCRIPTION);
      linked.add(String(heading));
    }
    expect([...linked].sort()).toEqual([...headings].sort());
  });

  it("is the project's for a rollout without monitoring", () => {
    expect(rolledOut.length).toBeGreaterThan(3);
    for (const { description } of rolledOut) expect(description).toContain(`${RUNBOOK}#rollout-n`);
  });
});
