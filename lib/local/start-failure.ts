/** The reason why the server does not start, with advice, in one line. */
export class StartFailure extends Error {
  readonly exitStatus: number;

  constructor(message: string, exitStatus = 1) {
    const lines = message.split("\n").map((line) => line.trim());
    super(lines.filter((line) => line !== "").join(" "));
    this.exitStatus = exitStatus;
  }
}

/** The code of a system error, such as `EACCES`, or its message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code ?? (error.message || error.name);
}

const USAGE_STATUS = 2;

/** A failure by the command line or the environment: a flag or a variable is wrong. */
export function usage(message: string): StartFailure {
  return new StartFailure(message, USAGE_STATUS);
}
