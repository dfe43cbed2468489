/** The sum of series, in which each counts where it has a value: an operator may have none where one of its operands has none. */
export const sumOf = (series: readonly string[]): string => `SUM([${series.join(", ")}])`;
