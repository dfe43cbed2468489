/** Light or dark: as the system says, or as the reader chooses. */
import { effect, type Signal, signal } from "@preact/signals";
import type { Scheme } from "../model/colour.ts";

const KEY = "placement.scheme";
const dark = matchMedia("(prefers-color-scheme: dark)");

const scheme: Signal<Scheme> = signal(initial());

export const useScheme = (): Scheme => scheme.value;

export function followScheme(): void {
  dark.addEventListener("change", () => {
    scheme.value = initial();
  });
  effect(() => {
    document.documentElement.dataset["scheme"] = scheme.value;
  });
}

export function toggleScheme(): void {
  scheme.value = scheme.value === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, scheme.value);
}

function initial(): Scheme {
  const chosen = localStorage.getItem(KEY);
  if (chosen === "dark" || chosen === "light") return chosen;
  return dark.matches ? "dark" : "light";
}
