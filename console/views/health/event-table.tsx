/** Events: when, who, what. */
import { useApp } from "../../data/app.ts";
import {
  callerOf,
  causeOf,
  detailOf,
  type Happening,
  isOfConsumer,
  verbOf,
} from "../../model/happening.ts";
import { clockTime } from "../../model/units.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ConsumerLink, ProviderLink, When } from "../../parts/links.tsx";

interface Props {
  readonly events: readonly Happening[];
  readonly label: string;
  /** All are of one subject, which need not be named. */
  readonly isOfOne?: boolean;
  readonly most?: number;
}

export function EventTable({ events, label, isOfOne = false, most = 12 }: Props) {
  const { fleet } = useApp();
  fleet.version.value;
  const subject: Column<Happening> = {
    title: "Whose",
    width: "minmax(8rem, 0.8fr)",
    cell: (event) =>
      isOfConsumer(event) ? (
        <ConsumerLink uuid={event.subject} isShort />
      ) : (
        <ProviderLink uuid={event.subject} />
      ),
  };
  const columns: readonly Column<Happening>[] = [
    {
      title: "When",
      width: "8.5rem",
      cell: ({ time }) => <When time={time} />,
    },
    {
      title: "Who",
      width: "minmax(6rem, 0.6fr)",
      cell: (event) => (
        <span title={`${event.request_id ?? "no request"} at ${clockTime(event.time)}`}>
          {callerOf(event)}
        </span>
      ),
    },
    {
      title: "What",
      width: "11rem",
      cell: (event) =>
        `${verbOf(event)}${causeOf(event) === undefined ? "" : `: ${causeOf(event)}`}`,
    },
    ...(isOfOne ? [] : [subject]),
    {
      title: "Of what",
      width: "minmax(14rem, 2fr)",
      cell: (event) => {
        const detail = detailOf(event, (uuid) => fleet.nameOf(uuid));
        return <span title={detail}>{detail}</span>;
      },
    },
  ];
  return (
    <DataTable label={label} rows={events} columns={columns} keyOf={({ id }) => id} most={most} />
  );
}
