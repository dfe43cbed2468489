/** The resources of a stack's nested stacks beside its own, as if they were all in one template. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NestedStack } from "aws-cdk-lib";
import type { PlacementStack } from "../../../infra/placement-stack.ts";
import type { Resource } from "./assembly.ts";

type Resources = Readonly<Record<string, Resource>>;

export interface Nested {
  /** Of the nested stack's resource in the stack. */
  readonly id: string;
  readonly resources: Resources;
  /** The template's size in bytes. */
  readonly templateBytes: number;
}

/** @param outdir the assembly's folder */
export function nestedStacks(stack: PlacementStack, outdir: string): Nested[] {
  const nested = stack.node.findAll().filter((each) => NestedStack.isNestedStack(each));
  return nested.map(({ templateFile, nestedStackResource }) => {
    const text = readFileSync(join(outdir, templateFile), "utf8");
    return {
      id: String(stack.resolve(nestedStackResource?.logicalId)),
      resources: JSON.parse(text).Resources,
      templateBytes: Buffer.byteLength(text),
    };
  });
}

/** Parameters become what the stack gives for them, so that references cross the border. */
export function flattened(own: Resources, nested: readonly Nested[]): Resources {
  const all: Record<string, Resource> = { ...own };
  for (const { id, resources } of nested) {
    const { Parameters = {} } = own[id]?.Properties ?? {};
    const inParent = JSON.parse(
      JSON.stringify(resources),
      (_, value) => Parameters[value?.Ref] ?? value,
    );
    for (const [name, resource] of Object.entries(inParent as Resources)) {
      if (all[name] !== undefined) throw new Error(`two resources are called ${name}`);
      all[name] = resource;
    }
  }
  return all;
}
