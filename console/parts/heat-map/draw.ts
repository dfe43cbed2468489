/** Draws the cells in sight. */
import { NONE, type Scheme, scaleOf, stepOf } from "../../model/colour.ts";
import { cellBox, type Room } from "../../model/layout.ts";
import type { Viewport } from "../../model/viewport.ts";
import type { Cell } from "./cell.ts";

export interface Picture {
  readonly rooms: readonly Room<Cell>[];
  readonly view: Viewport;
  readonly scheme: Scheme;
  readonly width: number;
  readonly height: number;
  /** Uuid. */
  readonly focused: string | undefined;
}

/** Pixels of a cell from which on its name is written into it. */
const [NAMED_WIDTH, NAMED_HEIGHT] = [72, 22] as const;
const DIMMED = 0.18;

export function draw(context: CanvasRenderingContext2D, picture: Picture): void {
  const { rooms, width, height } = picture;
  context.clearRect(0, 0, width, height);
  const scale = scaleOf(picture.scheme);
  for (const room of rooms) drawRoom(context, room, picture, scale);
}

function drawRoom(
  context: CanvasRenderingContext2D,
  room: Room<Cell>,
  picture: Picture,
  scale: readonly string[],
): void {
  const { view, scheme, width, height, focused } = picture;
  const gap = room.step.x * view.scale > 6 ? 1 : 0;
  const ink = scheme === "dark" ? "#e6edf3" : "#16202a";
  if (room.top > 0) {
    context.fillStyle = ink;
    context.font = "600 11px system-ui, sans-serif";
    const [x, y] = [room.box.x * view.scale + view.x, room.box.y * view.scale + view.y];
    context.fillText(room.name, x + 2, y + 12, room.box.width * view.scale - 4);
  }
  for (const [index, cell] of room.members.entries()) {
    const box = cellBox(room, index);
    const x = box.x * view.scale + view.x;
    const y = box.y * view.scale + view.y;
    const cellWidth = box.width * view.scale - gap;
    const cellHeight = box.height * view.scale - gap;
    if (x > width || y > height || x + cellWidth < 0 || y + cellHeight < 0) continue;
    context.globalAlpha = cell.isDimmed ? DIMMED : 1;
    context.fillStyle = cell.part === null ? NONE[scheme] : (scale[stepOf(cell.part)] ?? "");
    context.fillRect(x, y, cellWidth, cellHeight);
    context.globalAlpha = 1;
    if (cellWidth > NAMED_WIDTH && cellHeight > NAMED_HEIGHT) {
      context.fillStyle = inkOn(cell, scheme);
      context.font = "11px system-ui, sans-serif";
      context.fillText(cell.name, x + 5, y + 14, cellWidth - 10);
    }
    if (cell.uuid === focused) {
      context.strokeStyle = ink;
      context.lineWidth = 2;
      context.strokeRect(x + 1, y + 1, Math.max(2, cellWidth - 2), Math.max(2, cellHeight - 2));
    }
  }
}

/** What is read on the colour of the cell. */
function inkOn({ part, isDimmed }: Cell, scheme: Scheme): string {
  const isFull = part !== null && part > (scheme === "dark" ? 0.6 : 0.66) && !isDimmed;
  const isInkLight = scheme === "dark" ? !isFull : isFull;
  return isInkLight ? "#ffffff" : "#101820";
}
