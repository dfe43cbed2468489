/** What the colours mean. */
import { colourOf, NONE } from "../../model/colour.ts";
import { useScheme } from "../../parts/scheme.ts";

const MARKS = [0, 0.25, 0.5, 0.75, 1];

export function Legend() {
  const scheme = useScheme();
  return (
    <ul class="legend" aria-label="Colours">
      {MARKS.map((part) => (
        <li key={part}>
          <span class="swatch" style={{ background: colourOf(part, scheme) }} />
          {part * 100} %
        </li>
      ))}
      <li>
        <span class="swatch" style={{ background: NONE[scheme] }} />
        no capacity
      </li>
    </ul>
  );
}
