/** The microversions in which an operation changed, according to its schemas. */
import { minor, type VersionText, versionText } from "../../model/microversion.ts";
import type { Answers, AnyOperation } from "../operation.ts";
import { jsonSchema, sameJson } from "./schemas.ts";
import { mapVersions, ranges } from "./versions.ts";

/** In order, without the one that introduced it. */
export function changesOf({ since, body, query, answers }: AnyOperation): VersionText[] {
  const byVersion = [body, query, ...answersByStatus(answers ?? {})];
  const starts = byVersion.flatMap((each) =>
    each === undefined ? [] : ranges(each, since, sameSchema).map(({ from }) => from),
  );
  return [...new Set(starts)]
    .filter((from) => from !== minor(since))
    .sort((a, b) => a - b)
    .map(versionText);
}

type Schema = Answers[VersionText][number] | undefined;

/** For each status, its body by version; undefined where the status does not occur. */
function answersByStatus(answers: Answers): Record<VersionText, Schema>[] {
  const statuses = new Set(Object.values(answers).flatMap((each) => Object.keys(each)));
  return [...statuses].map((status) => mapVersions(answers, (each) => each[Number(status)]));
}

function sameSchema(a: Schema, b: Schema): boolean {
  if (!a || !b) return a === b;
  return a === b || sameJson(jsonSchema(a), jsonSchema(b));
}
