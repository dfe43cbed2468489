/** A provider of a tree: its inventories with what is used of them, its traits and aggregates. */
import { capacityOf, type Provider, SHARES } from "../../model/provider.ts";
import { hashOf } from "../../model/route.ts";
import { exact, exactAmount } from "../../model/units.ts";
import { ProviderLink } from "../../parts/links.tsx";
import { UsageBar } from "../../parts/usage-bar.tsx";

interface Props {
  readonly provider: Provider;
  readonly depth: number;
  readonly isChosen: boolean;
}

export function ProviderCard({ provider, depth, isChosen }: Props) {
  const { uuid, name, generation, inventories, usages, traits, aggregates } = provider;
  return (
    <li class={isChosen ? "card chosen" : "card"} style={{ "--depth": String(depth) }}>
      <header>
        <strong>
          <ProviderLink uuid={uuid} name={name} />
        </strong>
        <span class="id">{uuid}</span>
        <span class="faint">generation {exact(generation)}</span>
      </header>
      <dl class="usages">
        {Object.entries(inventories).map(([resourceClass, inventory]) => {
          const {
            total,
            reserved,
            allocation_ratio: ratio,
            min_unit,
            max_unit,
            step_size,
          } = inventory;
          const sum = {
            total,
            reserved,
            capacity: capacityOf(inventory),
            used: usages[resourceClass] ?? 0,
          };
          return (
            <div key={resourceClass}>
              <dt>{resourceClass}</dt>
              <dd>
                <UsageBar name={resourceClass} sum={sum} />
                <span class="faint" title={exactAmount(resourceClass, total)}>
                  total {exact(total)}, ratio {ratio}, units of {exact(min_unit)} to{" "}
                  {exact(max_unit)}
                  {step_size > 1 ? ` by ${exact(step_size)}` : ""}
                </span>
              </dd>
            </div>
          );
        })}
      </dl>
      <Chips
        label="Traits"
        names={traits}
        hash={(trait) => hashOf("fleet", undefined, { trait })}
      />
      <Chips
        label="Aggregates"
        names={aggregates}
        hash={(aggregate) => hashOf("fleet", undefined, { aggregate })}
      />
      {traits.includes(SHARES) && <p class="faint">It shares what it has with its aggregates.</p>}
    </li>
  );
}

interface ChipsProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly hash: (name: string) => string;
}

/** Shown at once; the rest on demand. */
const FEW = 12;

function Chips({ label, names, hash }: ChipsProps) {
  if (names.length === 0) return null;
  const list = (some: readonly string[]) => (
    <ul class="chips" aria-label={label}>
      {some.map((name) => (
        <li key={name}>
          <a href={hash(name)}>{name}</a>
        </li>
      ))}
    </ul>
  );
  if (names.length <= FEW) return list(names);
  return (
    <>
      {list(names.slice(0, FEW))}
      <details>
        <summary>
          {names.length - FEW} more {label.toLowerCase()}
        </summary>
        {list(names.slice(FEW))}
      </details>
    </>
  );
}
