/** A setting is invalid; the message names it in one line. */
export class BadSettings extends Error {}
