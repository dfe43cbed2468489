/** The heat map: a cell each, moved and enlarged by pointer, wheel and keys. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Group, memberAt, roomsOf } from "../../model/layout.ts";
import { providerHash } from "../../model/route.ts";
import { mapPoint, moved, type Viewport, WHOLE, zoomed } from "../../model/viewport.ts";
import { useScheme } from "../scheme.ts";
import type { Cell } from "./cell.ts";
import { draw } from "./draw.ts";
import { stepped } from "./keys.ts";
import { useSize } from "./size.ts";

interface Props {
  readonly groups: readonly Group<Cell>[];
  readonly label: string;
}

/** Pixels that a pointer moves before it drags. */
const DRAG = 4;
const ENLARGED = 1.5;

export function HeatMap({ groups, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const scheme = useScheme();
  const [view, setView] = useState<Viewport>(WHOLE);
  const [focused, setFocused] = useState<Cell>();
  const drag = useRef<{ x: number; y: number; isMoving: boolean } | undefined>(undefined);
  const rooms = useMemo(() => roomsOf(groups, size.width, size.height), [groups, size]);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || size.width === 0) return;
    const asked = requestAnimationFrame(() => {
      const density = window.devicePixelRatio || 1;
      context.setTransform(density, 0, 0, density, 0, 0);
      draw(context, { rooms, view, scheme, ...size, focused: focused?.uuid });
    });
    return () => cancelAnimationFrame(asked);
  }, [rooms, view, scheme, size, focused]);

  useEffect(() => {
    const element = canvas.current;
    // Preact's own listener for the wheel would be passive.
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const at = { x: event.offsetX, y: event.offsetY };
      setView((before) => zoomed(before, Math.exp(-event.deltaY / 300), at, size));
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  }, [size]);

  const cellAt = (event: PointerEvent) => {
    const { x, y } = mapPoint(view, { x: event.offsetX, y: event.offsetY });
    return memberAt(rooms, x, y);
  };
  const point = (event: PointerEvent) => {
    const from = drag.current;
    if (from === undefined) return setFocused(cellAt(event));
    const by = { x: event.offsetX - from.x, y: event.offsetY - from.y };
    if (!from.isMoving && Math.hypot(by.x, by.y) < DRAG) return;
    drag.current = { x: event.offsetX, y: event.offsetY, isMoving: true };
    setView((before) => moved(before, by, size));
  };
  const release = (event: PointerEvent) => {
    const wasMoving = drag.current?.isMoving;
    drag.current = undefined;
    const cell = wasMoving ? undefined : cellAt(event);
    if (cell !== undefined) location.hash = providerHash(cell.uuid);
  };
  const key = (event: KeyboardEvent) => {
    const centre = { x: size.width / 2, y: size.height / 2 };
    if (event.key === "+" || event.key === "=") setView(zoomed(view, ENLARGED, centre, size));
    else if (event.key === "-") setView(zoomed(view, 1 / ENLARGED, centre, size));
    else if (event.key === "0") setView(WHOLE);
    else if (event.key === "Enter" && focused) location.hash = providerHash(focused.uuid);
    else {
      const next = stepped(rooms, focused, event.key);
      if (next === undefined) return;
      setFocused(next);
    }
    event.preventDefault();
  };
  const enlarge = (factor: number) =>
    setView(zoomed(view, factor, { x: size.width / 2, y: size.height / 2 }, size));

  return (
    <div class="heat-map">
      <div ref={frame} class="heat-map-frame">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it has keys of its own */}
        <canvas
          ref={canvas}
          width={size.width * (window.devicePixelRatio || 1)}
          height={size.height * (window.devicePixelRatio || 1)}
          tabIndex={0}
          role="application"
          aria-roledescription="heat map"
          aria-label={`${label}. Arrow keys go from cell to cell, Enter opens one, plus and minus enlarge.`}
          onPointerDown={(event) => {
            drag.current = { x: event.offsetX, y: event.offsetY, isMoving: false };
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={point}
          onPointerUp={release}
          onPointerLeave={() => setFocused(undefined)}
          onKeyDown={key}
        />
      </div>
      <div class="heat-map-foot">
        <output class="heat-map-words" aria-live="polite">
          {focused === undefined ? "Point at a cell, or go there by arrow keys." : ""}
          {focused !== undefined && <b>{focused.name}</b>} {focused?.words}
        </output>
        <button type="button" class="quiet" aria-label="Enlarge" onClick={() => enlarge(ENLARGED)}>
          +
        </button>
        <button
          type="button"
          class="quiet"
          aria-label="Reduce"
          onClick={() => enlarge(1 / ENLARGED)}
        >
          −
        </button>
        <button
          type="button"
          class="quiet"
          disabled={view.scale === 1}
          onClick={() => setView(WHOLE)}
        >
          Whole
        </button>
      </div>
    </div>
  );
}
