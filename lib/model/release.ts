/** The release of this code, as package.json names it; `test/package/release.test.ts` compares both. */
export const RELEASE = "0.1.0";
