/** What functions tell of themselves in a stack: metrics by default, traces on request. */
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { expect, it } from "vitest";
import { BadSettings } from "../../infra/bad-settings.ts";
import { type Assembly, referred, useAssemblies } from "./support/assembly.ts";

const TRACES = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

const assemblies = useAssemblies();
const stackWith = (settings: Readonly<Record<string, unknown>>) =>
  assemblies(settings, { templateOnly: true });

const functionsOf = (assembly: Assembly) =>
  assembly.ofType("AWS::Lambda::Function").map(([, { Properties }]) => Properties);

const stacksIn = (assembly: Assembly) =>
  new Set(functionsOf(assembly).map(({ Environment }) => Environment.Variables.PLACEMENT_STACK));

it("has metrics by its name, unless they are off or CloudWatch would find none", () => {
  expect(stacksIn(stackWith({ stackName: "cell1" }))).toEqual(new Set(["cell1"]));
  expect(stacksIn(stackWith({ metrics: false }))).toEqual(new Set([undefined]));
  expect(stacksIn(stackWith({ logClass: "infrequentAccess" }))).toEqual(new Set([undefined]));
  const both = { metrics: true, logClass: "infrequentAccess" };
  expect(() => stackWith(both)).toThrow(BadSettings);
  expect(() => stackWith({ metrics: "yes" })).toThrow("placement.metrics");
});

it("traces its functions on request, with no right and no resource more than that takes", () => {
  const plain = stackWith({});
  const traced = stackWith({ tracing: true });
  for (const [assembly, mode] of [
    [plain, undefined],
    [traced, "Active"],
  ] as const) {
    for (const { TracingConfig, Role } of functionsOf(assembly)) {
      expect(TracingConfig?.Mode).toBe(mode);
      const role = assembly.resources[referred(Role)]?.Properties;
      const statements = role.Policies[0].PolicyDocument.Statement.filter(
        ({ Action }: { Action: unknown }) => JSON.stringify(Action).includes("xray"),
      );
      const wanted = { Effect: "Allow", Action: TRACES, Resource: "*" };
      expect(statements).toEqual(mode === undefined ? [] : [wanted]);
    }
  }
  expect(Object.keys(traced.resources)).toHaveLength(Object.keys(plain.resources).length);
  for (const Pack of [AwsSolutionsChecks, ServerlessChecks]) {
    expect(new Pack().validateScope(traced.stack).violations).toEqual([]);
  }
  expect(() => stackWith({ tracing: "yes" })).toThrow("placement.tracing");
});
