/** Pictures of the views for docs/console.md, made only when CONSOLE_SCREENSHOTS names their folder. */
import { join } from "node:path";
import type { Page } from "playwright-core";

export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["CONSOLE_SCREENSHOTS"];
  if (!folder) return;
  // A pointer that rests on a row would colour it.
  await page.mouse.move(0, 0);
  await page.evaluate(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
  );
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
