/** Writes of custom classes and traits. */
import { refused, type Verdict, type World } from "../world.ts";

type Kind = "classes" | "traits";

function changed(world: World, kind: Kind, change: (names: Set<string>) => void): World {
  const names = new Set(world[kind]);
  change(names);
  return { ...world, [kind]: names };
}

export function applyEnsure(world: World, kind: Kind, name: string): Verdict {
  if (world[kind].has(name)) return { status: 204, world };
  return { status: 201, world: changed(world, kind, (names) => names.add(name)) };
}

export function applyForget(world: World, kind: Kind, name: string): Verdict {
  if (!world[kind].has(name)) return refused(kind === "classes" ? "404 class" : "404 trait");
  const using = [...world.providers.values()].some((provider) =>
    kind === "classes" ? name in provider.inventories : provider.traits.includes(name),
  );
  if (using) return refused("409 in use");
  return { status: 204, world: changed(world, kind, (names) => names.delete(name)) };
}
