import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Field } from "../protocol.ts";
import { DateInput } from "./DateInput.tsx";
import type { SettingsDraft, Value } from "./SettingsDraft.ts";
import { TagsInput } from "./TagsInput.tsx";

interface Props {
  readonly draft: SettingsDraft;
  readonly field: Field;
}

export interface InputProps<Kind extends Value = Value> {
  readonly field: Field;
  readonly value: Kind;
  readonly onChange: (value: Value) => void;
  /** The id of what the label points to. */
  readonly id: string;
  /** The id of what describes it, if something does. */
  readonly about: string | undefined;
}

/** One input of the settings form, as the browser has it. */
export function SettingsField({ draft, field }: Props) {
  const id = useId();
  const value = draft.valueOf(field);
  const hasAbout = Boolean(field.description || field.tooltip);
  const props: InputProps = {
    field,
    value,
    onChange: (changed) => draft.change(field, changed),
    id,
    about: hasAbout ? `${id}-about` : undefined,
  };
  return (
    <div class="setting" title={field.tooltip ?? ""}>
      <Input {...props} />
      {hasAbout && (
        <p class="setting-about" id={`${id}-about`} dir="auto">
          {field.description || field.tooltip}
        </p>
      )}
    </div>
  );
}

function Input(props: InputProps) {
  const { field, value } = props;
  switch (field.type) {
    case "switch":
    case "checkbox":
      return <OnOff {...props} />;
    case "slider":
      return <SliderInput {...props} />;
    case "select":
      return <SelectInput {...props} />;
    case "radio":
      return <Radios {...props} />;
    case "multiselect":
      return <Checkboxes {...props} value={asList(value)} />;
    case "tags":
      return <TagsInput {...props} value={asList(value)} />;
    case "numberinput":
      return <NumberInput {...props} />;
    case "datepicker":
      return <DateInput {...props} />;
    default:
      return <TextInput {...props} />;
  }
}

export function Label({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <label class="setting-label" for={id} dir="auto">
      {children}
    </label>
  );
}

function OnOff({ field, value, onChange, id, about }: InputProps) {
  return (
    <>
      <Label id={id}>{field.label}</Label>
      <input
        type="checkbox"
        role={field.type === "switch" ? "switch" : undefined}
        id={id}
        aria-describedby={about}
        checked={value === true}
        disabled={field.disabled}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    </>
  );
}

function SliderInput({ field, value, onChange, id, about }: InputProps) {
  const number = typeof value === "number" ? value : 0;
  return (
    <>
      <Label id={id}>{field.label}</Label>
      <output for={id}>{number}</output>
      <input
        type="range"
        id={id}
        aria-describedby={about}
        min={field.min ?? 0}
        max={field.max ?? 10}
        step={field.step ?? "any"}
        value={number}
        disabled={field.disabled}
        onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
    </>
  );
}

function SelectInput({ field, value, onChange, id, about }: InputProps) {
  const isListed = field.items.some((item) => item.value === value);
  return (
    <>
      <Label id={id}>{field.label}</Label>
      <select
        id={id}
        aria-describedby={about}
        value={String(value ?? "")}
        disabled={field.disabled}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {!isListed && (
          <option value={String(value ?? "")} disabled>
            {String(value ?? "–")}
          </option>
        )}
        {field.items.map((item) => (
          <option key={item.value} value={item.value}>
            {item.label}
          </option>
        ))}
      </select>
    </>
  );
}

function Radios({ field, value, onChange, id, about }: InputProps) {
  return (
    <fieldset aria-describedby={about} disabled={field.disabled}>
      <legend class="setting-label" dir="auto">
        {field.label}
      </legend>
      {field.items.map((item) => (
        <label key={item.value} dir="auto">
          <input
            type="radio"
            name={id}
            checked={item.value === value}
            onChange={() => onChange(item.value)}
          />
          {item.label}
        </label>
      ))}
    </fieldset>
  );
}

function Checkboxes({ field, value, onChange, about }: InputProps<string[]>) {
  const toggle = (toggled: string) => {
    const isOn = (each: string) => value.includes(each) !== (each === toggled);
    onChange(field.items.map((item) => item.value).filter(isOn));
  };
  return (
    <fieldset aria-describedby={about} disabled={field.disabled}>
      <legend class="setting-label" dir="auto">
        {field.label}
      </legend>
      {field.items.map((item) => (
        <label key={item.value} dir="auto">
          <input type="checkbox" checked={value.includes(item.value)} onChange={() => toggle(item.value)} />
          {item.label}
        </label>
      ))}
    </fieldset>
  );
}

function NumberInput({ field, value, onChange, id, about }: InputProps) {
  return (
    <>
      <Label id={id}>{field.label}</Label>
      <input
        type="number"
        step="any"
        id={id}
        aria-describedby={about}
        placeholder={field.placeholder ?? ""}
        value={typeof value === "number" ? value : ""}
        disabled={field.disabled}
        onInput={({ currentTarget }) => {
          const { valueAsNumber, validity } = currentTarget;
          if (!validity.badInput) onChange(Number.isNaN(valueAsNumber) ? null : valueAsNumber);
        }}
      />
    </>
  );
}

function TextInput({ field, value, onChange, id, about }: InputProps) {
  const props = {
    id,
    "aria-describedby": about,
    placeholder: field.placeholder ?? "",
    value: String(value ?? ""),
    disabled: field.disabled,
    dir: "auto",
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      onChange(currentTarget.value || null),
  } as const;
  return (
    <>
      <Label id={id}>{field.label}</Label>
      {field.multiline ? <textarea rows={3} {...props} /> : <input type="text" {...props} />}
    </>
  );
}

function asList(value: Value): string[] {
  return Array.isArray(value) ? value : [];
}
