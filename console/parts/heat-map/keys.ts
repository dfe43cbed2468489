/** From cell to cell by arrow keys. */
import { cellBox, memberAt, type Room } from "../../model/layout.ts";
import type { Cell } from "./cell.ts";

const STEPS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** @returns undefined if the key goes nowhere */
export function stepped(
  rooms: readonly Room<Cell>[],
  from: Cell | undefined,
  key: string,
): Cell | undefined {
  const step = STEPS[key];
  if (step === undefined) return undefined;
  const first = rooms[0]?.members[0];
  if (from === undefined) return first;
  for (const room of rooms) {
    const index = room.members.findIndex(({ uuid }) => uuid === from.uuid);
    if (index < 0) continue;
    const { x, y, width, height } = cellBox(room, index);
    const beyond = { x: x + width * (0.5 + step[0]), y: y + height * (0.5 + step[1]) };
    return memberAt(rooms, beyond.x, beyond.y) ?? from;
  }
  return first;
}
