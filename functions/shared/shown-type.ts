/** A consumer from before consumer types shows as `unknown`, which cannot be written. */
export function shownType(type: string | null): string {
  return type ?? "unknown";
}
