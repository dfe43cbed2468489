/** An explanation as the API shows it: our extension, see docs/candidates.md. */
import type { Condition } from "../../lib/model/candidates/conditions.ts";
import type { Explanation, JointCondition } from "../../lib/model/candidates/explain.ts";
import type { CandidateQuery } from "../../lib/model/candidates/query.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import type { Store } from "../../lib/store/store.ts";

interface Words {
  readonly classes: NameDirectory;
  readonly traits: NameDirectory;
}

/** @param complete whether both the search and its explanation stayed within the limit on work */
export async function explanationDocument(
  store: Store,
  query: CandidateQuery,
  { groups, joint, removedBy }: Explanation,
  complete: boolean,
) {
  const words = await wordsFor(store, query);
  const shown = groups.map((group) => {
    const say = (condition: Condition) => conditionWords(condition, group.suffix, words);
    const conditions = group.steps.map(({ condition, providers, trees }) => ({
      condition: say(condition),
      providers,
      trees,
    }));
    const removed = group.removedBy === undefined ? null : say(group.removedBy);
    return [group.suffix, { conditions, removed_by: removed }];
  });
  const together = joint.map(({ condition, satisfied, trees }) => ({
    condition: JOINT_WORDS[condition],
    satisfied: satisfied ?? null,
    ...(trees === undefined ? {} : { trees }),
  }));
  return {
    groups: Object.fromEntries(shown),
    all_groups: {
      conditions: together,
      removed_by: removedBy === undefined ? null : JOINT_WORDS[removedBy],
    },
    complete,
  };
}

const JOINT_WORDS: Readonly<Record<JointCondition, string>> = {
  one_tree: "all groups at one root",
  root_required: "root_required",
  together: "all groups together: capacity, max_unit and required traits",
  same_subtree: "same_subtree",
  group_policy: "group_policy=isolate",
  one_provider_per_tree: "one provider of a tree, below 1.29",
};

async function wordsFor(store: Store, { groups }: CandidateQuery): Promise<Words> {
  const classes = groups.flatMap(({ resources }) => [...resources.keys()]);
  const traits = groups.flatMap((group) => [
    ...group.traits.anyOf.flat(),
    ...group.traits.forbidden,
  ]);
  return {
    classes: await store.classes({ ids: classes }),
    traits: await store.traits({ ids: traits }),
  };
}

function conditionWords(condition: Condition, suffix: string, { classes, traits }: Words): string {
  const trait = (id: number) => traits.nameOf(id) ?? String(id);
  const list = (values: readonly string[]) =>
    values.length === 1 ? values.join() : `in:${values.join()}`;
  switch (condition.kind) {
    case "inventory":
    case "units":
    case "capacity": {
      const name = classes.nameOf(condition.id) ?? String(condition.id);
      return `resources${suffix}=${name}:${condition.amount}, ${RESOURCE_WORDS[condition.kind]}`;
    }
    case "required":
      return `required${suffix}=${list(condition.anyOf.map(trait))}`;
    case "forbidden":
      return `required${suffix}=!${trait(condition.trait)}`;
    case "member_of":
      return condition.anyOf.map((some) => `member_of${suffix}=${list(some)}`).join("&");
    case "not_member_of":
      return `member_of${suffix}=!${list(condition.aggregates)}`;
    case "in_tree":
      return `in_tree${suffix}=${condition.provider}`;
    case "anything":
      return "a group without resources requires a trait or an aggregate";
  }
}

const RESOURCE_WORDS = {
  inventory: "inventory of the class",
  units: "min_unit, max_unit and step_size",
  capacity: "capacity",
} as const;
