/** What was done, said once. */
import { type App, useApp } from "../data/app.ts";

/** Milliseconds. */
const SHOWN = 8_000;

export function say({ toasts, clock }: App, text: string): void {
  const id = (toasts.value.at(-1)?.id ?? 0) + 1;
  toasts.value = [...toasts.value, { id, text }];
  clock.after(SHOWN, () => {
    toasts.value = toasts.value.filter((each) => each.id !== id);
  });
}

export function Toasts() {
  const { toasts } = useApp();
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
