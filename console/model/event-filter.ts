/** Which events a reader wants to see. */
import { callerOf, detailOf, type Happening, verbOf } from "./happening.ts";

/** Those in whose caller, words, project or ids the text occurs; case does not matter. */
export function matching(
  events: readonly Happening[],
  text: string,
  nameOf: (uuid: string) => string,
): readonly Happening[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return events;
  return events.filter((event) => {
    const { subject, project_id, request_id } = event;
    const words = [
      ...[callerOf(event), verbOf(event), detailOf(event, nameOf), event.event],
      ...[subject, nameOf(subject), project_id ?? "", request_id ?? ""],
    ];
    return words.some((each) => each.toLowerCase().includes(wanted));
  });
}
