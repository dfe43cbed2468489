/** The settings are wrong; the message says which, in one line. */
export class BadSettings extends Error {}
