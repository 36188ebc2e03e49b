import { useLayoutEffect, useRef } from "preact/hooks";
import type { Store } from "../store.ts";
import { focusComposer, isPlain } from "../view/Composer.tsx";
import { growToContent } from "../view/growToContent.ts";

/** A message of the user that is written again, in its place. Enter sends it, Escape leaves it as it was. */
export function EditBox({ store }: { store: Store }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { turn = "", content = "" } = store.draft.edit.value ?? {};
  useLayoutEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(content.length, content.length);
  }, []);
  useLayoutEffect(() => {
    if (area.current) growToContent(area.current);
  }, [content]);

  const send = (event: { currentTarget: HTMLElement }) => {
    if (content.trim() === "" || !store.canBranch.value) return;
    focusComposer(event);
    store.sendEdit();
  };
  const cancel = (event: { currentTarget: HTMLElement }) => {
    focusComposer(event);
    store.draft.edit.value = undefined;
  };
  const keyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method uses these keys for itself
    if (event.key === "Escape") cancel(event);
    if (!isPlain(event, "Enter")) return;
    event.preventDefault();
    send(event);
  };
  return (
    <div class="edit-box" data-message={turn}>
      <textarea
        ref={area}
        rows={1}
        aria-label="Edit message"
        value={content}
        dir="auto"
        onInput={({ currentTarget }) => {
          store.draft.edit.value = { turn, content: currentTarget.value };
        }}
        onKeyDown={keyDown}
      />
      <div class="edit-buttons">
        <button type="button" class="text-button" onClick={cancel}>
          Cancel
        </button>
        <button
          type="button"
          class="text-button send"
          disabled={content.trim() === "" || !store.canBranch.value}
          title={store.canBranch.value ? "" : "Wait for the answer that is on its way, or stop it"}
          onClick={send}
        >
          Send
        </button>
      </div>
    </div>
  );
}
