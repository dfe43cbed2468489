/** The files that `npm run docs` generates from the lists of operations and mutations. */
import { operations, tasks } from "../../functions/index.ts";
import { openApiDocument } from "../../lib/api/openapi/document.ts";
import { clientRoutes, clientTypes } from "./client/operation-types.ts";
import { costsDocument } from "./costs/document.ts";
import { mutationsTable } from "./mutations-table.ts";
import { operationsTable } from "./operations-table.ts";
import { readProofs } from "./proofs.ts";

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** @param root of the repository, below which the tests are read */
export function generatedFiles(root: string): GeneratedFile[] {
  const openapi = `${JSON.stringify(openApiDocument(operations), null, 1)}\n`;
  const table = operationsTable({ operations, tasks, proofs: readProofs(root) });
  return [
    { path: "functions/openapi/document.json", text: openapi },
    { path: "lib/client/generated/routes.ts", text: clientRoutes(operations) },
    { path: "lib/client/generated/operations.ts", text: clientTypes(operations) },
    { path: "docs/operations.md", text: table },
    { path: "docs/costs.md", text: costsDocument() },
    { path: "docs/mutations.md", text: mutationsTable() },
  ];
}
