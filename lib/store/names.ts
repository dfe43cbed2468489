export interface NameCache {
  readonly version: number;
}
