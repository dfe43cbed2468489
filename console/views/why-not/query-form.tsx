/** A query as fields: groups with classes, traits and aggregates. */
import { useMemo } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { type Names, namesIn } from "../../model/filters.ts";
import { type CandidateQuery, emptyGroup, type QueryGroup } from "../../model/query.ts";
import { Choice, Field } from "../../parts/fields.tsx";

interface Props {
  readonly query: CandidateQuery;
  readonly set: (query: CandidateQuery) => void;
}

export function QueryForm({ query, set }: Props) {
  const { fleet } = useApp();
  const version = fleet.version.value;
  const names = useMemo(() => namesIn(fleet.fleet.trees()), [fleet, version]);
  const { groups } = query;
  const setGroup = (at: number) => (group: QueryGroup | undefined) => {
    const others = groups.flatMap((each, index) => (index === at ? (group ?? []) : each));
    set({ ...query, groups: others.length === 0 ? [emptyGroup("")] : others });
  };
  return (
    <>
      {groups.map((group, index) => (
        <Group
          key={index}
          {...{ group, names }}
          set={setGroup(index)}
          isOnly={groups.length === 1}
        />
      ))}
      <div class="filters">
        <button
          type="button"
          onClick={() => set({ ...query, groups: [...groups, emptyGroup(freeSuffix(groups))] })}
        >
          Add a group
        </button>
        {groups.length > 1 && (
          <Choice
            label="Suffixed groups"
            value={query.policy}
            set={(policy) =>
              set({ ...query, policy: policy === "none" || policy === "isolate" ? policy : "" })
            }
            options={[
              ["", "no policy"],
              ["none", "may share a provider"],
              ["isolate", "each its own provider"],
            ]}
          />
        )}
        <Field
          label="Limit"
          type="number"
          value={query.limit}
          set={(limit) => set({ ...query, limit })}
          hint="1000"
        />
      </div>
    </>
  );
}

function freeSuffix(groups: readonly QueryGroup[]): string {
  const taken = new Set(groups.map(({ suffix }) => suffix));
  let number = 1;
  while (taken.has(`_${number}`)) number += 1;
  return `_${number}`;
}

interface GroupProps {
  readonly group: QueryGroup;
  readonly names: Names;
  readonly set: (group: QueryGroup | undefined) => void;
  readonly isOnly: boolean;
}

function Group({ group, names, set, isOnly }: GroupProps) {
  const { suffix, resources } = group;
  const change = (at: number, part: Partial<QueryGroup["resources"][number]>) =>
    set({
      ...group,
      resources: resources.map((each, index) => (index === at ? { ...each, ...part } : each)),
    });
  return (
    <fieldset class="group">
      <legend>
        {suffix === ""
          ? "Unsuffixed group: each class from any provider of a tree"
          : `Group ${suffix}: all from one provider`}
      </legend>
      {resources.map(({ name, value }, index) => (
        <div class="filters" key={index}>
          <Field
            label="Class"
            value={name}
            set={(text) => change(index, { name: text })}
            names={names.classes}
          />
          <Field
            label="Amount"
            type="number"
            value={value}
            set={(text) => change(index, { value: text })}
          />
          {resources.length > 1 && (
            <button
              type="button"
              class="quiet"
              aria-label={`Remove ${name}`}
              onClick={() =>
                set({ ...group, resources: resources.filter((_, at) => at !== index) })
              }
            >
              ✕
            </button>
          )}
        </div>
      ))}
      <div class="filters">
        <button
          type="button"
          onClick={() =>
            set({ ...group, resources: [...resources, { name: "MEMORY_MB", value: "1024" }] })
          }
        >
          Add a class
        </button>
        <Field
          label="Required traits"
          value={group.required}
          set={(required) => set({ ...group, required })}
          names={names.traits}
          hint="A,!B: with A, without B"
        />
        <Field
          label="Member of"
          value={group.memberOf}
          set={(memberOf) => set({ ...group, memberOf })}
          names={names.aggregates}
          hint="aggregate"
        />
        <Field
          label="In tree"
          value={group.inTree}
          set={(inTree) => set({ ...group, inTree })}
          hint="provider"
        />
        {!isOnly && (
          <button type="button" class="quiet" onClick={() => set(undefined)}>
            Remove the group
          </button>
        )}
      </div>
    </fieldset>
  );
}
