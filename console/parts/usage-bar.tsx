/** Of a class: reserved, used and free, as a bar and in words. */
import { capacityOf } from "../model/provider.ts";
import { freeOf, type Sum, usedPart } from "../model/sums.ts";
import { amount, exactAmount, percent } from "../model/units.ts";

interface Props {
  readonly name: string;
  readonly sum: Sum;
}

/**
 * The whole width is what could be allocated if nothing were reserved: what is reserved takes its
 * part of it, times the ratio.
 */
export function UsageBar({ name, sum }: Props) {
  const { total, reserved, capacity, used } = sum;
  const ratio = total > reserved ? capacity / (total - reserved) : 1;
  const whole = Math.max(1, capacityOf({ ...UNIT, total, reserved: 0, allocation_ratio: ratio }));
  const part = (value: number) => `${Math.min(100, (100 * value) / whole)}%`;
  const words = `${percent(usedPart(sum))} used: ${exactAmount(name, used)} of ${exactAmount(name, capacity)}; ${exactAmount(name, reserved)} reserved`;
  return (
    <div class="usage" title={words}>
      <div class="bar" role="img" aria-label={words}>
        <span class="bar-used" style={{ width: part(used) }} />
        <span class="bar-reserved" style={{ width: part(whole - capacity) }} />
      </div>
      <span class="usage-text">
        <b>{percent(usedPart(sum))}</b> {amount(name, used)} of {amount(name, capacity)} used,{" "}
        {amount(name, freeOf(sum))} free
        {reserved > 0 ? `, ${amount(name, reserved)} reserved` : ""}
      </span>
    </div>
  );
}

const UNIT = { min_unit: 1, max_unit: 1, step_size: 1 };
