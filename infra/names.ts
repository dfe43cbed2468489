/** Names of constructs and functions, derived from a definition's id. */
import { Stack, Token } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { AnyOperation } from "../lib/api/operation.ts";
import type { AnyTask } from "../lib/api/task-definition.ts";
import { BadSettings } from "./bad-settings.ts";

/** Characters that Lambda allows in a function's name. */
const MAX_NAME = 64;

/** A definition's id as a construct id: `allocations-replace` for `allocations/replace`. */
export function constructId(definition: AnyOperation | AnyTask): string {
  return definition.id.replaceAll("/", "-");
}

export function functionName(prefix: string, definition: AnyOperation | AnyTask): string {
  return `${prefix}-${constructId(definition)}`;
}

/** @throws BadSettings if Lambda would reject the function's name */
export function checkNames(prefix: string, definitions: readonly (AnyOperation | AnyTask)[]): void {
  if (!/^[A-Za-z0-9_-]+$/.test(prefix)) {
    throw new BadSettings(
      `namePrefix ${prefix} has to be letters, digits, hyphens and underscores`,
    );
  }
  for (const definition of definitions) {
    const name = functionName(prefix, definition);
    if (name.length > MAX_NAME) {
      throw new BadSettings(`${name} is longer than ${MAX_NAME}: choose a shorter namePrefix`);
    }
  }
}

/** The stack's. @throws Error if it is not known yet */
export function concreteName(scope: Construct): string {
  const name = Stack.of(scope).stackName;
  if (Token.isUnresolved(name)) throw new Error("the stack has no name yet: give a namePrefix");
  return name;
}
