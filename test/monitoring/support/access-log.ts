/** Lines of an endpoint's access log, in the format of the template, and what filters count in them. */
import { filledIn } from "../../programs/deployed/gateway/access-log.ts";
import type { Assembly, Resource } from "../../stack/support/assembly.ts";
import { apiOf } from "../../stack/support/routes.ts";
import { matchesPattern } from "../../support/cloudwatch/filter-pattern.ts";
import type { Datapoint } from "../../support/emf.ts";
import { NOW } from "./timeline.ts";

function formatOf(assembly: Assembly, kind: string): string {
  const { AccessLogSettings, AccessLogSetting } = apiOf(assembly, kind).stage.Properties;
  return (AccessLogSettings ?? AccessLogSetting).Format;
}

/** The log group whose ARN is the destination of an endpoint's stage. */
function groupOf(assembly: Assembly, kind: string): string {
  const { AccessLogSettings, AccessLogSetting } = apiOf(assembly, kind).stage.Properties;
  const parts: Resource["Properties"][] = (AccessLogSettings ?? AccessLogSetting).DestinationArn[
    "Fn::Join"
  ][1];
  return parts.at(-1).Ref;
}

/** What the filters of an endpoint's log count for requests with this answer. */
export function filteredPoints(
  assembly: Assembly,
  kind: string,
  { status, count }: { readonly status: number; readonly count: number },
): Datapoint[] {
  const request = { status, httpMethod: "GET", path: "/traits/429" };
  const line = filledIn(formatOf(assembly, kind), request);
  return pointsOf(
    assembly,
    kind,
    Array.from({ length: count }, () => line),
  );
}

/** What the filters of an endpoint's log count in its lines. */
export function pointsOf(assembly: Assembly, kind: string, lines: readonly string[]): Datapoint[] {
  const filters = assembly
    .ofType("AWS::Logs::MetricFilter")
    .map(([, { Properties }]) => Properties)
    .filter(({ LogGroupName }) => LogGroupName.Ref === groupOf(assembly, kind));
  return filters.flatMap(({ FilterPattern, MetricTransformations }) =>
    lines
      .filter((line) => matchesPattern(FilterPattern, line))
      .map(() => {
        const [{ MetricNamespace: namespace, MetricName: name, MetricValue }] =
          MetricTransformations;
        const value = Number(MetricValue);
        return { namespace, name, unit: "None", dimensions: {}, value, at: NOW - 60_000 };
      }),
  );
}
