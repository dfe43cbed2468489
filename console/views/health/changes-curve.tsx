/** Changes a minute as a curve; what draws it is loaded when it is first shown. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Counts } from "../../model/per-minute.ts";
import { exact } from "../../model/units.ts";
import type { Curve } from "../../parts/curves.ts";
import { useScheme } from "../../parts/scheme.ts";

const LOOK = {
  light: { colour: "#1c6e9c", ink: "#48545f", grid: "#d5dce2" },
  dark: { colour: "#6cb6dd", ink: "#a9b4be", grid: "#33404c" },
} as const;

export function ChangesCurve({ counts }: { readonly counts: Counts }) {
  const element = useRef<HTMLDivElement>(null);
  const [curve, setCurve] = useState<Curve>();
  const scheme = useScheme();
  useEffect(() => {
    let isOver = false;
    let made: Curve | undefined;
    const make = async () => {
      const { curveIn } = await import("../../parts/curves.ts");
      if (isOver || element.current === null) return;
      made = curveIn(element.current, { label: "Changes", ...LOOK[scheme] });
      setCurve(made);
    };
    make().catch((error: unknown) => console.error(error));
    return () => {
      isOver = true;
      made?.end();
      setCurve(undefined);
    };
  }, [scheme]);
  useEffect(() => {
    curve?.show(counts, element.current?.clientWidth ?? 0);
  }, [curve, counts]);
  const total = counts.values.reduce((sum, value) => sum + value, 0);
  const words = `${exact(total)} changes in ${counts.times.length} minutes, at most ${exact(Math.max(0, ...counts.values))} in one`;
  return (
    <figure class="curve">
      <div ref={element} aria-hidden="true" />
      <figcaption>{words}</figcaption>
    </figure>
  );
}
