/** Metrics as text: the labels of each sample are made once, for all families that have it. */
import { LIMITS } from "../../lib/api/limits.ts";
import { CANARY_CLASS } from "../../lib/model/canary.ts";
import { type Family, familyText, label, type Sample } from "../../lib/model/exposition.ts";
import type { Provider } from "../../lib/model/provider.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import { ALLOCATION_FAMILY, type Counted, INVENTORY_FAMILIES, UP_FAMILY } from "./families.ts";
import type { Fleet } from "./fleet.ts";
import { needsParts, type Part } from "./parts.ts";

/** @throws AnswerNeedsParts */
export function metricsText({ providers, holders, classes }: Fleet, part: Part): string {
  const labelOf = classLabels(classes);
  const counted = inventorySamples(providers, labelOf);
  const held = holders && heldSamples(providers, holders, labelOf);
  const least =
    leastLength(INVENTORY_FAMILIES, counted) + leastLength([ALLOCATION_FAMILY], held ?? []);
  if (least > LIMITS.answerLength) throw needsParts(part, least / LIMITS.answerLength);
  return [
    ...INVENTORY_FAMILIES.map((family) => familyText(family, counted, family.sampleOf)),
    held === undefined ? "" : familyText(ALLOCATION_FAMILY, held, (amount) => amount),
    part.index === 1 ? familyText(UP_FAMILY, [{ labels: "", of: 1 }], (value) => value) : "",
  ].join("");
}

type LabelOf = (id: number) => string | undefined;

/** The labels of classes, each made once; undefined for the canary's and for one that is gone. */
function classLabels(classes: NameDirectory): LabelOf {
  const made = new Map<number, string | undefined>();
  return (id) => {
    if (made.has(id)) return made.get(id);
    const name = classes.nameOf(id);
    const shown = name !== undefined && name !== CANARY_CLASS;
    const text = shown ? label("resourcetype", name) : undefined;
    made.set(id, text);
    return text;
  };
}

const hostLabel = ({ profile }: Provider) => label("hostname", profile.name);

function inventorySamples(providers: readonly Provider[], labelOf: LabelOf): Sample<Counted>[] {
  const samples: Sample<Counted>[] = [];
  for (const provider of providers) {
    const { state } = provider;
    const host = hostLabel(provider);
    for (const [id, inventory] of state.inventories) {
      const resource = labelOf(id);
      if (resource === undefined) continue;
      samples.push({ labels: `{${host},${resource}}`, of: { inventory, state } });
    }
  }
  return samples;
}

function heldSamples(
  providers: readonly Provider[],
  holders: NonNullable<Fleet["holders"]>,
  labelOf: LabelOf,
): Sample<number>[] {
  const samples: Sample<number>[] = [];
  for (const provider of providers) {
    const host = hostLabel(provider);
    for (const { consumer, amounts } of holders.get(provider.state.uuid) ?? []) {
      const start = `{${host},${label("uuid", consumer)}`;
      for (const [id, amount] of amounts) {
        const resource = labelOf(id);
        if (resource !== undefined) samples.push({ labels: `${start},${resource}}`, of: amount });
      }
    }
  }
  return samples;
}

/** Characters that samples have at least, so that a text that is too long is never made. */
function leastLength(families: readonly Family[], samples: readonly Sample<unknown>[]): number {
  const labels = samples.reduce((sum, each) => sum + each.labels.length, 0);
  const around = families.map(({ name }) => samples.length * (name.length + " 0\n".length));
  return around.reduce((sum, length) => sum + length + labels, 0);
}
