/** One tree: what it has, what is used of it, and who holds it. */
import { useEffect } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { type ProviderTree, readTree } from "../../data/provider-data.ts";
import { useLoaded } from "../../data/use-loaded.ts";
import { providersOf } from "../../model/happening.ts";
import { rowsOf } from "../../model/rows.ts";
import { sumsOf } from "../../model/sums.ts";
import { plural } from "../../model/units.ts";
import { Panel } from "../../parts/fields.tsx";
import { Empty, Shown } from "../../parts/states.tsx";
import { UsageBar } from "../../parts/usage-bar.tsx";
import { FindProvider } from "./find-provider.tsx";
import { Holders } from "./holders.tsx";
import { ProviderActions } from "./provider-actions.tsx";
import { ProviderCard } from "./provider-card.tsx";
import { ProviderHistory } from "./provider-history.tsx";

interface Props {
  readonly id: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

export function ProviderView({ id, query }: Props) {
  return id === undefined ? <FindProvider text={query["text"] ?? ""} /> : <OneProvider uuid={id} />;
}

function OneProvider({ uuid }: { readonly uuid: string }) {
  const { client, events } = useApp();
  const loading = useLoaded(uuid, () => readTree(client, uuid));
  const { loaded, again } = loading;
  const known = loaded.state === "ready" ? loaded.value?.providers : undefined;
  useEffect(() => {
    const uuids = new Set([uuid, ...(known ?? []).map((each) => each.uuid)]);
    return events.listen((all) => {
      if (all.some((event) => providersOf(event).some((each) => uuids.has(each)))) again();
    });
  }, [uuid, known, events, again]);
  return (
    <Shown of={loading} what="the provider">
      {(tree) =>
        tree === undefined ? (
          <>
            <h1>Provider</h1>
            <Empty>There is no resource provider {uuid} now. What is known of it:</Empty>
            <ProviderHistory uuid={uuid} stamp="" />
          </>
        ) : (
          <Tree uuid={uuid} tree={tree} again={again} />
        )
      }
    </Shown>
  );
}

interface TreeProps {
  readonly uuid: string;
  readonly tree: ProviderTree;
  readonly again: () => void;
}

function Tree({ uuid, tree, again }: TreeProps) {
  const rows = rowsOf(tree.providers);
  const root = rows[0]?.provider;
  const chosen = tree.providers.find((each) => each.uuid === uuid);
  if (root === undefined || chosen === undefined) return null;
  const sums = [...sumsOf(tree.providers)].sort();
  const stamp = tree.providers.map(({ generation }) => generation).join();
  return (
    <>
      <div class="view-head">
        <h1>{root.name}</h1>
        <p class="count">{plural(tree.providers.length, "provider")} in its tree</p>
        <ProviderActions provider={chosen} tree={tree.providers} again={again} />
      </div>
      <Panel title="The whole tree">
        {sums.length === 0 && <Empty>It has no inventories.</Empty>}
        <dl class="usages">
          {sums.map(([name, sum]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <UsageBar name={name} sum={sum} />
              </dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Holders tree={tree} />
      <Panel title="Its providers">
        <ul class="tree">
          {rows.map(({ provider, depth }) => (
            <ProviderCard
              key={provider.uuid}
              {...{ provider, depth }}
              isChosen={provider.uuid === uuid}
            />
          ))}
        </ul>
      </Panel>
      {tree.sharing.length > 0 && (
        <Panel title="What shares with it">
          <ul class="tree">
            {tree.sharing.map((provider) => (
              <ProviderCard key={provider.uuid} provider={provider} depth={0} isChosen={false} />
            ))}
          </ul>
        </Panel>
      )}
      <ProviderHistory uuid={uuid} stamp={stamp} />
    </>
  );
}
