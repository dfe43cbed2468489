/** The template of an assembly on disk, and the folders of its assets. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Json } from "./json.ts";
import { type Names, Resolver } from "./resolver.ts";

const json: z.ZodType<Json> = z.json();

const resourceSchema = z.object({ Type: z.string(), Properties: json.optional() });
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });
const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.object({ templateFile: z.string().optional() }).optional(),
    }),
  ),
});
const assetsSchema = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string() }) })),
});

export type Resource = z.infer<typeof resourceSchema>;

export interface Template {
  readonly names: Names;
  /** The properties of all resources of a type by logical id, without intrinsic functions. */
  ofType<T>(type: string, schema: z.ZodType<T>): [id: string, properties: T][];
  /** The folder or file behind an S3 key. */
  asset(key: string): string;
}

const STACK = "aws:cloudformation:stack";

/** @throws Error if the folder holds anything but one stack */
export function readTemplate(folder: string): Template {
  const read = <T>(name: string, schema: z.ZodType<T>) =>
    schema.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
  const { artifacts } = read("manifest.json", manifestSchema);
  const [stack, ...others] = Object.values(artifacts).filter(({ type }) => type === STACK);
  const templateFile = stack?.properties?.templateFile;
  if (templateFile === undefined || others.length > 0) throw new Error(`not one stack: ${folder}`);
  const { Resources: resources } = read(templateFile, templateSchema);
  const { files } = read(templateFile.replace(/\.template\.json$/, ".assets.json"), assetsSchema);
  return templateOf(resources, (key) => {
    const file = files[key.replace(/\.\w+$/, "")];
    if (file === undefined) throw new Error(`the assembly has no asset ${key}`);
    return join(folder, file.source.path);
  });
}

export function templateOf(
  resources: Readonly<Record<string, Resource>>,
  asset: Template["asset"],
): Template {
  const resolver = new Resolver(resources);
  return {
    names: resolver,
    ofType: (type, schema) =>
      Object.entries(resources)
        .filter(([, { Type }]) => Type === type)
        .map(([id, { Properties = {} }]) => [id, schema.parse(resolver.resolve(Properties))]),
    asset,
  };
}
