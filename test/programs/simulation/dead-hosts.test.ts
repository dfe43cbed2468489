/** What the simulation sees of emptied hosts, removed subtrees and walks: each error, and nothing else. */
import { expect, test } from "vitest";
import { seeded } from "../../support/chance.ts";
import { checkAnswer } from "./check-answers.ts";
import { type Attempt, History } from "./history.ts";
import type { Scene } from "./makers/scene.ts";
import type { Operation, WriteOperation } from "./operation.ts";
import { applyClaims } from "./operations/claims.ts";
import {
  applyEmptying,
  applySubtreeDeath,
  isFairSubtreeRefusal,
  wrongEmptying,
} from "./operations/emptying.ts";
import { applyReplace } from "./operations/inventories.ts";
import { applyBirth } from "./operations/providers.ts";
import { applyChange } from "./operations/records.ts";
import { type Walk, walkConsumers } from "./operations/walk.ts";
import { EMPTY } from "./world.ts";

const [HOST, CHILD] = ["host", "child"];
const INVENTORY = {
  total: 10,
  reserved: 0,
  min_unit: 1,
  max_unit: 10,
  step_size: 1,
  allocation_ratio: 1,
};
const request = { method: "PUT", path: "/somewhere" } as const;
const write = (apply: WriteOperation["apply"], more: object = {}): WriteOperation => ({
  kind: "write",
  name: "a write",
  request,
  apply,
  ...more,
});
const birth = (uuid: string, parent?: string) =>
  write((world) => applyBirth(world, { uuid, name: uuid, parent }));
const offer = (uuid: string) => write((world) => applyReplace(world, uuid, 0, { VCPU: INVENTORY }));
const owner = { project: "red", user: "ann", type: "INSTANCE" };
const claim = (consumer: string, ...providers: readonly string[]) =>
  write((world) => {
    const allocations = Object.fromEntries(providers.map((uuid) => [uuid, { VCPU: 1 }]));
    return applyClaims(world, [{ consumer, generation: undefined, ...owner, allocations }]);
  });
const raise = (consumer: string) => write((world) => applyChange(world, consumer, 1));
const emptying = (limit: number) => {
  const given = { provider: HOST, limit };
  return write((world, commit) => applyEmptying(world, given, commit), {
    told: (history: History, attempt: Attempt) => wrongEmptying(given, history, attempt),
  });
};
const removal = (top: string) =>
  write((world, commit) => applySubtreeDeath(world, top, commit), {
    isFair: (...[cause, worlds, detail]: Parameters<NonNullable<WriteOperation["isFair"]>>) =>
      isFairSubtreeRefusal(cause, worlds, { top, detail }),
  });

const released = (...uuids: readonly string[]) =>
  uuids.map((uuid) => ({ pk: `ALLOCATIONS#${HOST}`, sk: `CONSUMER#${uuid}` }));
const gone = (...uuids: readonly string[]) =>
  uuids.map((uuid) => ({ pk: "SHARD#1", sk: `H#${uuid}` }));
const named = (uuid: string, generation: number | null = null) => ({
  consumer_uuid: uuid,
  consumer_generation: generation,
  project_id: "red",
  user_id: "ann",
  consumer_type: "INSTANCE",
});
const shown = (uuid: string, generation = 1) => ({
  uuid,
  consumer_generation: generation,
  project_id: "red",
  user_id: "ann",
  consumer_type: "INSTANCE",
});
const IN_USE = (uuid: string) => ({
  errors: [
    { detail: `Unable to delete resource provider ${uuid}: Resource provider has allocations.` },
  ],
});

/** A host with a child, and the consumers a, b and c on it, of which c holds something on the child too. */
class Told {
  now = 0;
  readonly history = new History(() => this.now);

  constructor() {
    for (const operation of [
      birth(HOST),
      birth(CHILD, HOST),
      offer(HOST),
      offer(CHILD),
      claim("a", HOST),
      claim("b", HOST),
      claim("c", HOST, CHILD),
    ]) {
      this.do(operation);
    }
  }

  ask(operation: Operation): Attempt {
    return this.history.begin("client", operation, this.history.worlds.length - 1);
  }

  do(operation: Operation, keys: readonly { pk: string; sk: string }[] = []): Attempt {
    return this.commit(this.ask(operation), keys);
  }

  commit(attempt: Attempt, keys: readonly { pk: string; sk: string }[]): Attempt {
    const index = this.history.worlds.length;
    this.history.commit({ index, cause: attempt, keys, large: false });
    return attempt;
  }

  answer(attempt: Attempt, status: number, body?: unknown): Attempt {
    this.history.end(attempt, { status, body });
    checkAnswer(this.history, attempt);
    return attempt;
  }
}

const SOUND = undefined;

test.each<[string, (told: Told) => void, RegExp | undefined]>([
  [
    "a host that is emptied of two",
    (told) =>
      told.answer(told.do(emptying(2), released("a", "b")), 200, {
        released: [named("a"), named("b")],
        more: true,
      }),
    SOUND,
  ],
  [
    "a host that is emptied of all, of which one keeps something",
    (told) =>
      told.answer(told.do(emptying(9), released("a", "b", "c")), 200, {
        released: [named("a"), named("b"), named("c", 2)],
        more: false,
      }),
    SOUND,
  ],
  [
    "more than the limit",
    (told) => told.do(emptying(2), released("a", "b", "c")),
    /500 more than the limit/,
  ],
  [
    "the release of somebody who holds nothing there",
    (told) => told.do(emptying(2), released("d")),
    /500 nothing to release/,
  ],
  [
    "an answer that names another",
    (told) =>
      told.answer(told.do(emptying(1), released("a")), 200, { released: [named("b")], more: true }),
    /it names others than it released/,
  ],
  [
    "an answer with a wrong generation",
    (told) =>
      told.answer(told.do(emptying(1), released("a")), 200, {
        released: [named("a", 2)],
        more: true,
      }),
    /it tells of another a/,
  ],
  [
    "somebody who is passed over",
    (told) =>
      told.answer(told.do(emptying(1), released("b")), 200, { released: [named("b")], more: true }),
    /it passed over a/,
  ],
  [
    "somebody who is forgotten",
    (told) =>
      told.answer(told.do(emptying(2), released("a", "b")), 200, {
        released: [named("a"), named("b")],
        more: false,
      }),
    /it forgot c/,
  ],
  [
    "nothing that is released of a host in use",
    (told) => told.answer(told.ask(emptying(2)), 200, { released: [], more: false }),
    /it forgot a,b,c/,
  ],
  [
    "fewer than the limit",
    (told) =>
      told.answer(told.do(emptying(3), released("a", "b")), 200, {
        released: [named("a"), named("b")],
        more: true,
      }),
    /fewer than the limit/,
  ],
  [
    "others that there are not",
    (told) =>
      told.answer(told.do(emptying(3), released("a", "b", "c")), 200, {
        released: [named("a"), named("b"), named("c", 2)],
        more: true,
      }),
    /nobody was left/,
  ],
])("%s: seen as it is", (_, act, words) => {
  const told = new Told();
  act(told);
  if (words === undefined) expect(told.history.violations).toEqual([]);
  else expect(told.history.violations.join("\n")).toMatch(words);
});

test.each<[string, (told: Told, first: Attempt, body: object) => void, RegExp | undefined]>([
  [
    "gets the first answer",
    (told, first, body) => told.answer(told.ask(first.operation), 200, body),
    SOUND,
  ],
  [
    "gets another answer",
    (told, first) => told.answer(told.ask(first.operation), 200, { released: [], more: true }),
    /it names others than it released: a/,
  ],
  [
    "releases who has claimed again",
    (told, first) => {
      told.do(claim("a", HOST));
      told.do(first.operation, released("a"));
    },
    /it was done twice/,
  ],
  [
    "is refused",
    (told, first) =>
      told.answer(told.ask(first.operation), 404, {
        errors: [{ detail: "No resource provider with uuid host found" }],
      }),
    /it was refused, and done/,
  ],
])("a repeat that %s: seen as it is", (_, act, words) => {
  const told = new Told();
  const body = { released: [named("a")], more: true };
  const first = told.answer(told.do(emptying(1), released("a")), 200, body);
  act(told, first, body);
  if (words === undefined) expect(told.history.violations).toEqual([]);
  else expect(told.history.violations.join("\n")).toMatch(words);
});

test.each<[string, (told: Told) => void, RegExp | undefined]>([
  [
    "goes as a whole",
    (told) => {
      told.do(emptying(9), released("a", "b", "c"));
      told.do(claim("c"));
      told.answer(told.do(removal(HOST), gone(HOST, CHILD)), 204);
    },
    SOUND,
  ],
  [
    "goes without a child",
    (told) => {
      for (const uuid of ["a", "b", "c"]) told.do(claim(uuid));
      told.do(removal(HOST), gone(HOST));
    },
    /500 not the subtree/,
  ],
  [
    "goes with a child in use",
    (told) => {
      told.do(emptying(9), released("a", "b", "c"));
      told.do(removal(HOST), gone(HOST, CHILD));
    },
    /409 in use/,
  ],
  [
    "is refused for its child",
    (told) => told.answer(told.ask(removal(HOST)), 409, IN_USE(CHILD)),
    SOUND,
  ],
  [
    "is refused for a provider above it",
    (told) => told.answer(told.ask(removal(CHILD)), 409, IN_USE(HOST)),
    /refused for no reason/,
  ],
])("a subtree that %s: seen as it is", (_, act, words) => {
  const told = new Told();
  act(told);
  if (words === undefined) expect(told.history.violations).toEqual([]);
  else expect(told.history.violations.join("\n")).toMatch(words);
});

const CAST = { providers: [], consumers: [], crowd: [], aggregates: [], grove: [] };
const SCENE: Scene = { random: seeded(1), cast: CAST, world: EMPTY };

type Page = readonly [shown: readonly object[], marker: string | null];

/** Lets a client read these pages, and something happen after the first. */
function walk(told: Told, given: Partial<Walk>, pages: readonly Page[], between = () => {}): void {
  const all = { limit: 2, provider: undefined, type: undefined, olderThan: undefined, ...given };
  let operation: Operation | undefined = walkConsumers(all);
  for (const [consumers, marker] of pages) {
    if (operation === undefined || operation.kind === "task") throw new Error("the walk ended");
    const attempt = told.answer(told.ask(operation), 200, { consumers, next_marker: marker });
    operation = operation.next?.(attempt, SCENE);
    between();
  }
  expect(operation).toBeUndefined();
}

test.each<[string, (told: Told) => void, RegExp | undefined]>([
  [
    "shows all",
    (told) =>
      walk(told, {}, [
        [[shown("b"), shown("a")], "x"],
        [[shown("c")], null],
      ]),
    SOUND,
  ],
  [
    "misses one",
    (told) =>
      walk(told, {}, [
        [[shown("b")], "x"],
        [[shown("c")], null],
      ]),
    /misses a/,
  ],
  [
    "misses one on its only page",
    (told) => walk(told, {}, [[[shown("b"), shown("c")], null]]),
    /a was never absent/,
  ],
  [
    "misses one that was released meanwhile",
    (told) =>
      walk(
        told,
        {},
        [
          [[shown("b")], "x"],
          [[shown("c")], null],
        ],
        () => told.do(claim("a")),
      ),
    SOUND,
  ],
  [
    "shows one twice",
    (told) =>
      walk(told, {}, [
        [[shown("a"), shown("b")], "x"],
        [[shown("a"), shown("c")], null],
      ]),
    /shows a twice/,
  ],
  [
    "shows what never was",
    (told) =>
      walk(told, {}, [
        [[shown("a", 7)], "x"],
        [[shown("b"), shown("c")], null],
      ]),
    /a was never/,
  ],
  [
    "has a page over its limit",
    (told) => walk(told, {}, [[[shown("a"), shown("b"), shown("c")], null]]),
    /more than its limit/,
  ],
  [
    "shows those of one provider",
    (told) => walk(told, { provider: CHILD }, [[[shown("c")], null]]),
    SOUND,
  ],
  [
    "shows one of another provider",
    (told) => walk(told, { provider: CHILD }, [[[shown("a"), shown("c")], null]]),
    /a was never/,
  ],
  [
    "shows what is old enough",
    (told) => {
      told.now = 60_000;
      told.do(raise("a"));
      told.now = 70_000;
      walk(told, { olderThan: 30 }, [[[shown("b"), shown("c")], null]]);
    },
    SOUND,
  ],
  [
    "shows what is too young",
    (told) => {
      told.now = 60_000;
      told.do(raise("a"));
      told.now = 70_000;
      walk(told, { olderThan: 30 }, [
        [[shown("a", 2), shown("b")], "x"],
        [[shown("c")], null],
      ]);
    },
    /a was changed later/,
  ],
  [
    "misses what is old enough",
    (told) => {
      told.now = 60_000;
      walk(told, { olderThan: 30 }, [
        [[shown("a")], "x"],
        [[shown("c")], null],
      ]);
    },
    /misses b/,
  ],
])("a walk that %s: seen as it is", (_, act, words) => {
  const told = new Told();
  act(told);
  if (words === undefined) expect(told.history.violations).toEqual([]);
  else expect(told.history.violations.join("\n")).toMatch(words);
});
