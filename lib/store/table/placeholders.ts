/** Names and values of one expression, each under a placeholder. */
export class Placeholders {
  readonly names = new Map<string, string>();
  readonly values = new Map<string, unknown>();

  path(path: readonly string[]): string {
    return path.map((name) => this.name(name)).join(".");
  }

  private name(name: string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const placeholder = `#${this.names.size}`;
    this.names.set(name, placeholder);
    return placeholder;
  }

  value(value: unknown): string {
    const placeholder = `:${this.values.size}`;
    this.values.set(placeholder, value);
    return placeholder;
  }
}
