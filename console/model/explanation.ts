/** An explanation of candidates as a funnel: what each condition left, and what it removed. */

export interface Explanation {
  readonly groups: Readonly<
    Record<
      string,
      {
        readonly conditions: readonly {
          readonly condition: string;
          readonly providers: number;
          readonly trees: number;
        }[];
        readonly removed_by: string | null;
      }
    >
  >;
  readonly all_groups: {
    readonly conditions: readonly {
      readonly condition: string;
      readonly satisfied: boolean | null;
      readonly trees?: number | undefined;
    }[];
    readonly removed_by: string | null;
  };
  readonly complete: boolean;
}

export interface Step {
  readonly condition: string;
  /** Roots that are left after it; undefined: not counted. */
  readonly trees: number | undefined;
  readonly providers: number | undefined;
  /** Roots that it removed. */
  readonly removed: number;
  /** It removed the last one. */
  readonly isEnd: boolean;
  /** Of what is not counted, whether it can be satisfied; null: not known. */
  readonly isSatisfied: boolean | null;
}

export interface Funnel {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly removedBy: string | null;
}

/** @param roots how many there are before the first condition */
export function funnelsOf(explanation: Explanation, roots: number): Funnel[] {
  const groups = Object.entries(explanation.groups).map(([suffix, group]): Funnel => {
    let before = Math.max(roots, ...group.conditions.map(({ trees }) => trees));
    const steps = group.conditions.map(({ condition, trees, providers }): Step => {
      const removed = Math.max(0, before - trees);
      before = trees;
      return {
        condition,
        trees,
        providers,
        removed,
        isEnd: condition === group.removed_by,
        isSatisfied: trees > 0,
      };
    });
    const title = suffix === "" ? "Unsuffixed group" : `Group ${suffix}`;
    return { title, steps, removedBy: group.removed_by };
  });
  return [...groups, allGroups(explanation, groups)];
}

function allGroups({ all_groups: all }: Explanation, groups: readonly Funnel[]): Funnel {
  let before = Math.min(...groups.map(({ steps }) => steps.at(-1)?.trees ?? 0));
  if (!Number.isFinite(before)) before = 0;
  const steps = all.conditions.map(({ condition, satisfied, trees }): Step => {
    const left = trees ?? (satisfied === false ? 0 : undefined);
    const removed = left === undefined ? 0 : Math.max(0, before - left);
    before = left ?? before;
    const isEnd = condition === all.removed_by;
    return { condition, trees: left, providers: undefined, removed, isEnd, isSatisfied: satisfied };
  });
  return { title: "All groups together", steps, removedBy: all.removed_by };
}

/** In one sentence, why there is no candidate. */
export function reasonOf(funnels: readonly Funnel[]): string | undefined {
  const [first] = funnels.filter(({ removedBy }) => removedBy !== null);
  const step = first?.steps.find(({ isEnd }) => isEnd);
  if (first === undefined || step === undefined) return undefined;
  const where = funnels.length > 2 ? ` (${first.title.toLowerCase()})` : "";
  const [at] = [first.steps.indexOf(step)];
  if (at === 0 && step.removed > 0) {
    return `No host satisfies ${step.condition}${where}: it removed all ${step.removed}.`;
  }
  if (step.removed === 0) return `No host satisfies ${step.condition}${where}.`;
  const last = step.removed === 1 ? "the last host" : `the last ${step.removed} hosts`;
  return `${step.condition} removed ${last} that satisfied everything before it${where}.`;
}
