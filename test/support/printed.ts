/** What is written to standard output meanwhile, in lines. */
export function printedBy(work: () => void): string[] {
  const texts: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = (text: unknown) => {
    texts.push(String(text));
    return true;
  };
  try {
    work();
  } finally {
    process.stdout.write = write;
  }
  return texts.join("").split("\n").slice(0, -1);
}
