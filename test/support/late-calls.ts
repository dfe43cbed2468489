/** Loses calls and answers, and lets calls arrive later, in an order of their own. */
import type { Chance } from "./chance.ts";
import type { Call, Interposer } from "./interpose.ts";

const FATES = ["late", "never", "unanswered"] as const;

export interface LateCalls {
  readonly interposer: Interposer;
  /** How many have not arrived yet. */
  readonly count: number;
  /** One of them arrives. */
  deliver(): Promise<void>;
}

/** @param answered calls that are answered, for three of which one is late, one lost and one not answered */
export function lateCalls(random: Chance, answered: number): LateCalls {
  const late: Call[] = [];
  const fates = [...FATES, ...new Array<"answered">(answered).fill("answered")];
  const lost = () => new Error("lost");
  const deliver = async () => {
    const [call] = late.splice(random.below(late.length), 1);
    await call?.send().catch(() => undefined);
  };
  const interposer: Interposer = async (call) => {
    if (late.length > 0 && random.below(3) === 0) await deliver();
    const fate = random.pick(fates);
    if (fate === "late") late.push(call);
    if (fate === "late" || fate === "never") throw lost();
    const answer = call.send();
    if (fate === "answered") return answer;
    await answer.catch(() => undefined);
    throw lost();
  };
  return {
    interposer,
    get count() {
      return late.length;
    },
    deliver,
  };
}
