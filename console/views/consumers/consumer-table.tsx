/** Consumers of a search, with what they hold. */
import type { ListedConsumer } from "../../data/consumer-data.ts";
import { resourcesText } from "../../model/units.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ConsumerLink, ProviderLink, When } from "../../parts/links.tsx";

const COLUMNS: readonly Column<ListedConsumer>[] = [
  { title: "Consumer", width: "19rem", cell: ({ uuid }) => <ConsumerLink uuid={uuid} /> },
  { title: "Project", width: "minmax(7rem, 0.8fr)", cell: ({ project_id }) => project_id ?? "" },
  { title: "User", width: "minmax(6rem, 0.6fr)", cell: ({ user_id }) => user_id ?? "" },
  { title: "Type", width: "7rem", cell: ({ consumer_type }) => consumer_type ?? "" },
  { title: "Holds", width: "minmax(20rem, 2fr)", cell: Holds },
  { title: "Created", width: "7.5rem", cell: ({ created_at }) => <When time={created_at} /> },
  { title: "Lease ends", width: "7.5rem", cell: ({ expires_at }) => <When time={expires_at} /> },
];

function Holds({ holdings }: ListedConsumer) {
  const entries = Object.entries(holdings);
  const [first] = entries;
  if (first === undefined) return <span class="faint">nothing</span>;
  const [provider, resources] = first;
  return (
    <span title={resourcesText(resources)}>
      <ProviderLink uuid={provider} />: {resourcesText(resources)}
      {entries.length > 1 ? ` and ${entries.length - 1} more` : ""}
    </span>
  );
}

export function ConsumerTable({ consumers }: { readonly consumers: readonly ListedConsumer[] }) {
  return (
    <DataTable
      label="Consumers"
      rows={consumers}
      columns={COLUMNS}
      keyOf={({ uuid }) => uuid}
      most={20}
    />
  );
}
