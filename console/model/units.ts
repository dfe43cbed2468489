/** Numbers as people read them, and exactly. */

const BYTES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;
/** Of classes whose names say it, the unit as a power of 1024 bytes. */
const POWERS: Readonly<Record<string, number>> = { KB: 1, MB: 2, GB: 3 };
const GROUPED = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const ABOUT = new Intl.NumberFormat("en", { maximumFractionDigits: 1, notation: "compact" });

/** `131072` of `MEMORY_MB` is `128 GiB`; `12345` of `VCPU` is `12.3K`. */
export function amount(resourceClass: string, value: number): string {
  const unit = /_(KB|MB|GB)$/.exec(resourceClass)?.[1];
  const power = unit === undefined ? undefined : POWERS[unit];
  if (power === undefined) return Math.abs(value) < 10_000 ? exact(value) : ABOUT.format(value);
  let rest = value;
  let at = power;
  while (Math.abs(rest) >= 1_024 && at < BYTES.length - 1) {
    rest /= 1_024;
    at += 1;
  }
  return `${SHORT.format(rest)} ${BYTES[at]}`;
}

export const exact = (value: number): string => GROUPED.format(value);

/** As the API has it: `131,072 MEMORY_MB`. */
export const exactAmount = (resourceClass: string, value: number): string =>
  `${exact(value)} ${resourceClass}`;

/** `{VCPU: 2, MEMORY_MB: 2048}` is `2 VCPU, 2 GiB MEMORY_MB`. */
export function resourcesText(resources: Readonly<Record<string, number>>): string {
  const all = Object.entries(resources).map(([name, value]) => `${amount(name, value)} ${name}`);
  return all.length === 0 ? "nothing" : all.join(", ");
}

/** Never 100 % where something is free, nor 0 % where something is used. */
export function percent(part: number | null): string {
  if (part === null) return "none";
  const rounded = Math.round(part * 100);
  if (part < 1 && rounded === 100) return "99 %";
  if (part > 0 && rounded === 0) return "< 1 %";
  return `${exact(rounded)} %`;
}

const SPANS = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
] as const;

/** Of seconds, the two greatest units: `2 d 3 h`. */
export function duration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [size, unit] of SPANS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** How long ago; a time that lies ahead is `in 5 min`. */
export function ago(time: string, now: number): string {
  const seconds = (now - Date.parse(time)) / 1_000;
  if (Number.isNaN(seconds)) return time;
  if (seconds < -1) return `in ${duration(-seconds)}`;
  return seconds < 2 ? "just now" : `${duration(seconds)} ago`;
}

/** `2026-01-31 09:30:00 UTC`. */
export const clockTime = (time: string): string => `${time.slice(0, 19).replace("T", " ")} UTC`;

/** The first eight digits, where the whole would only fill space. */
export const shortId = (uuid: string): string => uuid.slice(0, 8);

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${exact(count)} ${count === 1 ? one : many}`;
