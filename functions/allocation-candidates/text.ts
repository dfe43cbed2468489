/** Candidates as the API shows them, as JSON text: joined from parts, most of which are kept. */
import type { BodyText } from "../../lib/api/answer.ts";
import { LIMITS } from "../../lib/api/limits.ts";
import { AnswerTooLarge } from "../../lib/api/refusals.ts";
import type { Candidate } from "../../lib/model/candidates/candidate.ts";
import type { CandidateQuery } from "../../lib/model/candidates/query.ts";
import { summarizedRows } from "../../lib/model/candidates/summaries.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import type { Snapshot } from "../../lib/model/snapshot/snapshot.ts";
import { FIRST_CUSTOM_ID } from "../../lib/model/standard-classes.ts";
import type { Store } from "../../lib/store/store.ts";
import { ClassTexts } from "./class-texts.ts";
import { leastLength } from "./length.ts";
import { requestText, type Shape } from "./request-text.ts";
import { type Summarized, summaryText } from "./summary-text.ts";

/** The candidates of a query, and the snapshot that they were found in. */
export interface Found {
  readonly snapshot: Snapshot;
  readonly query: CandidateQuery;
  readonly candidates: readonly Candidate[];
}

/**
 * The body of an answer.
 * @param explanation what is shown of it, if it was asked for
 * @throws AnswerTooLarge before a text is built that no answer could hold
 *
 * Source: Placement API reference, "List allocation candidates".
 */
export async function candidatesText(
  store: Store,
  { snapshot, query, candidates }: Found,
  version: Minor,
  explanation?: unknown,
): Promise<BodyText> {
  const asked = new Set(query.groups.flatMap(({ resources }) => [...resources.keys()]));
  const all = version >= minor("1.27");
  const shown = {
    snapshot,
    candidates,
    rows: summarizedRows(snapshot, candidates, version >= minor("1.29")),
    shows: (id: number) => all || asked.has(id),
  };
  const names = await namesOf(store, shown, asked);
  if (leastLength(shown, names, version) > LIMITS.answerLength) throw new AnswerTooLarge(false);
  const classes = new ClassTexts(names.classes);
  const shape: Shape = {
    listed: version < minor("1.12"),
    suffixes: version < minor("1.34") ? undefined : suffixesOf(candidates),
  };
  const summarized: Summarized = { ...shown, classes, traits: names.traits, version };
  const more = explanation === undefined ? "" : `,"explanation":${JSON.stringify(explanation)}`;
  const requests = joined(candidates, (candidate) => requestText(candidate, classes, shape));
  const summaries = joined(shown.rows, (row) => summaryText(summarized, row));
  const text = `{"allocation_requests":[${requests}],"provider_summaries":{${summaries}}${more}}`;
  return () => text;
}

/**
 * Suffixes in the order of an object's keys, in which numbers come first: answers have shown
 * mappings in it from the beginning. Every candidate maps the same groups.
 */
function suffixesOf([first]: readonly Candidate[]): string[] {
  return Object.keys(Object.fromEntries(first?.mappings ?? []));
}

/** @throws AnswerTooLarge as soon as the text is too long, however much is left */
function joined<T>(values: readonly T[], textOf: (value: T) => string): string {
  let text = "";
  for (const value of values) {
    text += text === "" ? textOf(value) : `,${textOf(value)}`;
    if (text.length > LIMITS.answerLength) throw new AnswerTooLarge(false);
  }
  return text;
}

interface Shown {
  readonly snapshot: Snapshot;
  readonly rows: readonly number[];
  shows(id: number): boolean;
}

/** The names of the classes that are asked for or shown, and of the traits of what is shown. */
async function namesOf(store: Store, { snapshot, rows, shows }: Shown, asked: ReadonlySet<number>) {
  const { firstSlot, slots, classes, traits } = snapshot.columns;
  const shownClasses = new Set(asked);
  const sets = new Set<number>();
  for (const row of rows) {
    const first = firstSlot[row] ?? 0;
    for (let slot = first; slot < first + (slots[row] ?? 0); slot += 1) {
      const id = classes[slot] ?? 0;
      if (shows(id)) shownClasses.add(id);
    }
    sets.add(traits[row] ?? 0);
  }
  return {
    classes: await store.classes({ ids: shownClasses }),
    traits: await store.traits({ ids: customIn(snapshot, sets) }),
  };
}

/** Sets are in ascending order, and custom ids come after all others. */
function customIn({ interned }: Snapshot, sets: Iterable<number>): Set<number> {
  const found = new Set<number>();
  for (const set of sets) {
    const ids = interned.traitSets.idsOf(set);
    for (let last = ids.length - 1; last >= 0; last -= 1) {
      const id = ids[last] ?? 0;
      if (id < FIRST_CUSTOM_ID) break;
      found.add(id);
    }
  }
  return found;
}
