/** The functions of a template. */
import * as z from "zod";
import type { Template } from "./template.ts";

export interface PlayedFunction {
  readonly name: string;
  readonly arn: string;
  /** `nodejs24.x` */
  readonly runtime: string;
  /** `index.handler` */
  readonly handler: string;
  /** The folder of its asset. */
  readonly code: string;
  /** Seconds. */
  readonly timeout: number;
  /** Megabytes. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The ARN of its role. */
  readonly role: string;
}

const functionSchema = z.object({
  Runtime: z.string(),
  Handler: z.string(),
  Code: z.object({ S3Key: z.string() }),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Role: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
});

/** By name. */
export function functionsOf(template: Template): Map<string, PlayedFunction> {
  const found = template.ofType("AWS::Lambda::Function", functionSchema);
  return new Map(
    found.map(([id, properties]) => {
      const name = template.names.ref(id);
      const made: PlayedFunction = {
        name,
        arn: template.names.attribute(id, "Arn"),
        runtime: properties.Runtime,
        handler: properties.Handler,
        code: template.asset(properties.Code.S3Key),
        timeout: properties.Timeout,
        memory: properties.MemorySize,
        environment: properties.Environment?.Variables ?? {},
        role: properties.Role,
      };
      return [name, made];
    }),
  );
}
