/** Why an import was not done, in one line. Nothing of what it has written is wrong. */
export class NotDone extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "NotDone";
  }
}
