/** Fields with their labels. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  /** Names to choose from; others may be typed as well. */
  readonly names?: readonly string[];
  readonly hint?: string;
  readonly type?: "text" | "number" | "password" | "search";
  readonly required?: boolean;
  readonly isWide?: boolean;
  readonly autocomplete?: string;
}

/** Names that one list offers at most: browsers become slow with thousands. */
const MAX_NAMES = 500;

export function Field(props: FieldProps) {
  const { label, value, set, names, hint, type = "text", required, isWide, autocomplete } = props;
  const id = useId();
  return (
    <label class={isWide ? "field wide" : "field"}>
      <span>{label}</span>
      <input
        type={type as "text"}
        value={value}
        required={required ?? false}
        placeholder={hint ?? ""}
        autocomplete={autocomplete ?? "off"}
        spellcheck={false}
        {...(names === undefined ? {} : { list: id })}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {names !== undefined && (
        <datalist id={id}>
          {names.slice(0, MAX_NAMES).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly options: readonly (readonly [value: string, text: string])[];
}

export function Choice({ label, value, set, options }: ChoiceProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface PanelProps {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Panel({ title, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
