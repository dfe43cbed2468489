/** Every way in which writes are recognised when they are sent again. */
export const REPEATS = ["tokens", "attempts"] as const;
export type Repeats = (typeof REPEATS)[number];
