/** The stack as the CDK makes it from this repository, read back from the assembly on disk. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { DISABLE_ASSET_STAGING_CONTEXT } from "aws-cdk-lib/cx-api";
import { afterAll } from "vitest";
import type { PlacementStack } from "../../../infra/placement-stack.ts";
import { PlacementStack as Stack } from "../../../infra/placement-stack.ts";
import { readSettings } from "../../../infra/settings.ts";
import { flattened, type Nested, nestedStacks } from "./nested.ts";

const { context } = JSON.parse(readFileSync("cdk.json", "utf8"));

/** A resource of the template; its properties are looked into by name. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types
  readonly UpdatePolicy?: any;
}

export interface Assembly {
  readonly stack: PlacementStack;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly nested: readonly Nested[];
  /** Its own resources, and those of its nested stacks. */
  readonly everything: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  /** The template's size in bytes. */
  readonly templateBytes: number;
  /** The resources of a type, by logical id, nested ones too. */
  ofType(type: string): [id: string, resource: Resource][];
  /** The only resource of a type. */
  only(type: string): Resource;
  /** The folder of the code that a function is deployed with. */
  codeOf(lambda: Resource): string;
  remove(): void;
}

export interface SynthesisOptions {
  /** Leaves the functions' code out of the assembly, which saves most of the time. */
  readonly templateOnly?: boolean;
  /** Adds to the stack. */
  readonly more?: (stack: PlacementStack) => void;
}

/** `synthesize` for one file of tests, which removes the assemblies after them. */
export function useAssemblies(): typeof synthesize {
  const made: Assembly[] = [];
  afterAll(() => {
    for (const assembly of made) assembly.remove();
  });
  return (settings, options) => {
    const assembly = synthesize(settings, options);
    made.push(assembly);
    return assembly;
  };
}

/** @param settings as an operator writes them under the context key `placement` */
export function synthesize(
  settings: Readonly<Record<string, unknown>> = {},
  { templateOnly = false, more = () => undefined }: SynthesisOptions = {},
): Assembly {
  const outdir = mkdtempSync(join(tmpdir(), "placement-assembly-"));
  try {
    return assemble(
      settings,
      outdir,
      templateOnly ? { [DISABLE_ASSET_STAGING_CONTEXT]: true } : {},
      more,
    );
  } catch (error) {
    rmSync(outdir, { recursive: true, force: true });
    throw error;
  }
}

function assemble(
  settings: Readonly<Record<string, unknown>>,
  outdir: string,
  extra: Readonly<Record<string, unknown>>,
  more: (stack: PlacementStack) => void,
): Assembly {
  const app = new App({ outdir, context: { ...context, ...extra } });
  const stack = new Stack(app, "placement", readSettings(settings));
  more(stack);
  const artifact = app.synth().getStackByName(stack.stackName);
  const text = readFileSync(artifact.templateFullPath, "utf8");
  const { Resources: resources, Outputs: outputs } = JSON.parse(text);
  const assets = JSON.parse(readFileSync(join(outdir, "placement.assets.json"), "utf8"));
  const nested = nestedStacks(stack, outdir);
  const everything = flattened(resources, nested);
  const ofType = (type: string) =>
    Object.entries(everything).filter(([, { Type }]) => Type === type);
  return {
    stack,
    resources,
    nested,
    everything,
    outputs,
    templateBytes: Buffer.byteLength(text),
    ofType,
    only: (type) => {
      const [first, ...others] = ofType(type);
      if (first === undefined || others.length > 0) throw new Error(`not exactly one ${type}`);
      return first[1];
    },
    codeOf: ({ Properties }) => {
      const { source } = assets.files[Properties.Code.S3Key.replace(/\.zip$/, "")];
      return join(outdir, source.path);
    },
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}

/** The logical id in `{Ref}` or `{Fn::GetAtt}`. */
export function referred(value: {
  readonly Ref?: string;
  readonly "Fn::GetAtt"?: readonly [string, string];
}): string {
  const id = value.Ref ?? value["Fn::GetAtt"]?.[0];
  if (id === undefined) throw new Error(`${JSON.stringify(value)} refers to no resource`);
  return id;
}

/** The aliases of a function by name, with their logical ids. */
export function aliasesOf(assembly: Assembly, functionId: string): Map<string, string> {
  const own = assembly
    .ofType("AWS::Lambda::Alias")
    .filter(([, { Properties }]) => referred(Properties.FunctionName) === functionId);
  return new Map(own.map(([id, { Properties }]) => [Properties.Name, id]));
}

/** What the inline policies of a role allow, as references to resources. */
export function allowed({ Properties }: Resource, action: string): string[] {
  return Properties.Policies.flatMap((policy: Resource["Properties"]) =>
    policy.PolicyDocument.Statement.filter(
      ({ Effect, Action }: Resource["Properties"]) =>
        Effect === "Allow" && [Action].flat().includes(action),
    ).flatMap(({ Resource: named }: Resource["Properties"]) => [named].flat().map(referred)),
  );
}
