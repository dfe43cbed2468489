/** Parts of an answer, as JSON text. */
import { LIMITS } from "../../lib/api/limits.ts";
import { AnswerTooLarge } from "../../lib/api/refusals.ts";

/**
 * The texts of `values`, with commas between them.
 * @throws AnswerTooLarge as soon as the text is too long, however much is left
 */
export function joinedText<T>(values: readonly T[], textOf: (value: T) => string): string {
  let text = "";
  for (const value of values) {
    text += text === "" ? textOf(value) : `,${textOf(value)}`;
    if (text.length > LIMITS.answerLength) throw new AnswerTooLarge(false);
  }
  return text;
}
