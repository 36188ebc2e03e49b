import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { UploadRules } from "../protocol.ts";
import { pickable } from "./rules.ts";

interface Props {
  readonly class: string;
  readonly label: string;
  readonly rules: UploadRules;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ComponentChildren;
}

/** Opens the browser's own choice of files. */
export function PickButton({ class: name, label, rules, onFiles, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class={name}
        aria-label={label}
        title={label}
        onClick={() => input.current?.click()}
      >
        {children}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        multiple={rules.max_files > 1}
        accept={pickable(rules)}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = ""; // so that the same file can be chosen again
        }}
      />
    </>
  );
}
