import { useState } from "preact/hooks";
import { CloseIcon } from "../view/icons.tsx";
import { type InputProps, Label } from "./SettingsField.tsx";

/** Words that the user makes up: Enter or a comma adds one, Backspace in the empty input takes the last one away. */
export function TagsInput({ field, value, onChange, id, about }: InputProps<string[]>) {
  const [text, write] = useState("");
  const add = (written: string) => {
    const words = written
      .split(",")
      .map((word) => word.trim())
      .filter((word, index, all) => word !== "" && !value.includes(word) && all.indexOf(word) === index);
    write("");
    if (words.length > 0) onChange([...value, ...words]);
  };
  const drop = (word: string) => onChange(value.filter((each) => each !== word));
  const keyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if ((event.key === "Enter" && text.trim() !== "") || event.key === ",") {
      event.preventDefault();
      add(text);
    }
    const last = value.at(-1);
    if (event.key === "Backspace" && text === "" && last !== undefined) drop(last);
  };
  const hasList = field.items.length > 0;
  return (
    <>
      <Label id={id}>{field.label}</Label>
      <div class="tag-list">
        {value.map((word) => (
          <span key={word} class="tag" dir="auto">
            {word}
            <button
              type="button"
              aria-label={`Remove ${word}`}
              title="Remove"
              disabled={field.disabled}
              onClick={({ currentTarget }) => {
                currentTarget.closest(".tag-list")?.querySelector("input")?.focus();
                drop(word);
              }}
            >
              <CloseIcon />
            </button>
          </span>
        ))}
        <input
          type="text"
          id={id}
          aria-describedby={about}
          list={hasList ? `${id}-list` : undefined}
          placeholder={value.length === 0 ? "Add a word" : ""}
          value={text}
          disabled={field.disabled}
          dir="auto"
          onInput={({ currentTarget }) => write(currentTarget.value)}
          onKeyDown={keyDown}
          onBlur={() => add(text)}
        />
        {hasList && (
          <datalist id={`${id}-list`}>
            {field.items.map((item) => (
              <option key={item.value} value={item.value} />
            ))}
          </datalist>
        )}
      </div>
    </>
  );
}
