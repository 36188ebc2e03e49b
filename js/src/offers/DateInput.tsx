import { useEffect, useState } from "preact/hooks";
import { type InputProps, Label } from "./SettingsField.tsx";

/** A date, or the first and the last of a range: both, or none. */
export function DateInput(props: InputProps) {
  return props.field.mode === "range" ? <Range {...props} /> : <Single {...props} />;
}

function Single({ field, value, onChange, id, about }: InputProps) {
  return (
    <>
      <Label id={id}>{field.label}</Label>
      <input
        type="date"
        id={id}
        aria-describedby={about}
        min={field.min_date ?? ""}
        max={field.max_date ?? ""}
        value={typeof value === "string" ? value : ""}
        disabled={field.disabled}
        onInput={({ currentTarget }) => onChange(currentTarget.value || null)}
      />
    </>
  );
}

/** One date of two is not the form's yet: it waits here for the other. */
function Range({ field, value, onChange, about }: InputProps) {
  const [[from, to], write] = useState(() => pairOf(value));
  useEffect(() => write(pairOf(value)), [JSON.stringify(value)]);
  const change = (days: Pair) => {
    write(days);
    if (days.every(Boolean)) onChange([...days]);
    if (!days.some(Boolean)) onChange(null);
  };
  const isBegun = from !== "" || to !== "";
  return (
    <fieldset aria-describedby={about} disabled={field.disabled}>
      <legend class="setting-label" dir="auto">
        {field.label}
      </legend>
      <span class="range">
        <input
          type="date"
          aria-label="From"
          required={isBegun}
          min={field.min_date ?? ""}
          max={to || (field.max_date ?? "")}
          value={from}
          onInput={({ currentTarget }) => change([currentTarget.value, to])}
        />
        –
        <input
          type="date"
          aria-label="To"
          required={isBegun}
          min={from || (field.min_date ?? "")}
          max={field.max_date ?? ""}
          value={to}
          onInput={({ currentTarget }) => change([from, currentTarget.value])}
        />
      </span>
    </fieldset>
  );
}

type Pair = readonly [string, string];

function pairOf(value: InputProps["value"]): Pair {
  const [from = "", to = ""] = Array.isArray(value) ? value : [];
  return [from, to];
}
