/** Texts of times to the second, of which one after the other is asked for. */

/**
 * @param format milliseconds since 1970, as a text that tells no part of a second
 * @returns the same; remembers the last second's
 */
export function bySecond(format: (time: number) => string): (time: number) => string {
  let [second, text] = [Number.NaN, ""];
  return (time) => {
    const asked = Math.floor(time / 1_000);
    if (asked !== second) [second, text] = [asked, format(time)];
    return text;
  };
}
