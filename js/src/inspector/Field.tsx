import { useLayoutEffect, useRef } from "preact/hooks";
import type { ValueNode } from "../protocol.ts";
import { isPlain } from "../view/Composer.tsx";
import { growToContent } from "../view/growToContent.ts";
import type { Path, Watch } from "./watch.ts";

interface Props {
  readonly watch: Watch;
  readonly node: ValueNode;
  readonly path: Path;
}

/** A value of a simple type, to be changed in place. What comes of it is for the kernel to say. */
export function Field(props: Props) {
  const error = props.watch.draft(props.path)?.error;
  return (
    <div class="value">
      {props.node.editable === "bool" ? <Switch {...props} /> : <Text {...props} />}
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

function Switch({ watch, node, path }: Props) {
  const draft = watch.draft(path);
  const isOn = (draft?.isSent ? draft.text : node.text) === "True";
  return (
    <label class="switch">
      <input
        type="checkbox"
        aria-label={node.name}
        aria-busy={draft?.isSent ?? false}
        checked={isOn}
        onChange={() => watch.commit(path, isOn ? "False" : "True")}
      />
      {isOn ? "True" : "False"}
    </label>
  );
}

/** Enter keeps what was written, and so does going elsewhere; Escape leaves the value as it was. */
function Text({ watch, node, path }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const draft = watch.draft(path);
  const text = draft?.text ?? node.text ?? "";
  useLayoutEffect(() => {
    if (area.current) growToContent(area.current);
  }, [text]);

  const keep = () => {
    if (draft === undefined || draft.isSent || draft.error !== undefined) return;
    if (draft.text === node.text) watch.forget(path);
    else watch.commit(path, draft.text);
  };
  const keyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method uses these keys for itself
    if (event.key === "Escape") watch.forget(path);
    if (!isPlain(event, "Enter")) return;
    event.preventDefault();
    keep();
  };
  return (
    <textarea
      ref={area}
      rows={1}
      class={node.editable === "str" ? "field text" : "field"}
      aria-label={node.name}
      aria-busy={draft?.isSent ?? false}
      aria-invalid={draft?.error !== undefined}
      spellcheck={false}
      value={text}
      title="Enter keeps a change, Escape drops it"
      onInput={({ currentTarget }) => watch.write(path, currentTarget.value)}
      onKeyDown={keyDown}
      onBlur={keep}
    />
  );
}
