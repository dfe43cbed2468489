/**
 * `text` without the slashes at its end, in linear time: a pattern of repeated slashes
 * before an end is tried anew at each of them.
 */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === "/") end -= 1;
  return text.slice(0, end);
}
