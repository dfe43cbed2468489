/** The files that are made from the list of operations: `npm run docs` writes them. */
import { operations } from "../../functions/index.ts";
import { openApiDocument } from "../../lib/api/openapi/document.ts";

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export function generatedFiles(): GeneratedFile[] {
  const openapi = `${JSON.stringify(openApiDocument(operations), null, 1)}\n`;
  return [{ path: "functions/openapi/document.json", text: openapi }];
}
