/** Runs random actions in concurrent workers until a number of them was done. */

/** `width` workers that together call `act` `count` times, each waiting for its own call. */
export async function crowd(
  { width, count }: { readonly width: number; readonly count: number },
  act: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await act(index);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
}
