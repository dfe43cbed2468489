/** Finds a provider by its name or uuid. */
import { useMemo } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { called } from "../../model/filters.ts";
import type { Provider } from "../../model/provider.ts";
import { resourcesText } from "../../model/units.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Field, Panel } from "../../parts/fields.tsx";
import { ProviderLink } from "../../parts/links.tsx";
import { Busy, Empty } from "../../parts/states.tsx";
import { setQuery } from "../navigation.ts";

export function FindProvider({ text }: { readonly text: string }) {
  const { fleet } = useApp();
  const version = fleet.version.value;
  const isLoading = fleet.load$.value.state === "loading";
  const found = useMemo(
    () =>
      [...fleet.fleet.providers()].filter(called(text)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    [fleet, version, text],
  );
  return (
    <>
      <h1>Provider</h1>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Field
          label="Name or uuid"
          type="search"
          value={text}
          set={(value) => setQuery("provider", { text: value })}
          hint="any part of it"
          isWide
        />
      </form>
      <Panel title="Providers">
        {found.length === 0 && isLoading && <Busy>Reading providers…</Busy>}
        {found.length === 0 && !isLoading && (
          <Empty>No provider has that in its name or uuid.</Empty>
        )}
        {found.length > 0 && (
          <DataTable
            label="Providers"
            rows={found}
            columns={COLUMNS}
            keyOf={({ uuid }) => uuid}
            most={20}
          />
        )}
      </Panel>
    </>
  );
}

const COLUMNS: readonly Column<Provider>[] = [
  {
    title: "Name",
    width: "minmax(10rem, 1fr)",
    cell: ({ uuid, name }) => <ProviderLink {...{ uuid, name }} />,
  },
  { title: "Uuid", width: "19rem", cell: ({ uuid }) => <span class="id">{uuid}</span> },
  {
    title: "In the tree of",
    width: "minmax(8rem, 0.8fr)",
    cell: ({ uuid, root }) =>
      root === uuid ? <span class="faint">a root</span> : <ProviderLink uuid={root} />,
  },
  { title: "Used", width: "minmax(10rem, 1fr)", cell: ({ usages }) => resourcesText(usages) },
];
