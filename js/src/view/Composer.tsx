import { useLayoutEffect, useRef } from "preact/hooks";
import type { Store } from "../store.ts";
import { growToContent } from "./growToContent.ts";
import { SendIcon, StopIcon } from "./icons.tsx";
import { Offered } from "./Offered.tsx";

interface Props {
  readonly store: Store;
  readonly assistant: string;
}

/** For buttons that vanish when they are pressed: the focus must not fall out of the chat with them. */
export function focusComposer({ currentTarget }: { currentTarget: HTMLElement }): void {
  const find = (selector: string) => (currentTarget.getRootNode() as ParentNode).querySelector(selector);
  const place = find("[data-chat-composer] textarea:enabled") ?? find("[role=log]"); // when it is all over
  (place as HTMLElement | null)?.focus({ preventScroll: true });
}

/** Where the user writes. Enter sends, Shift+Enter breaks the line. */
export function Composer({ store, assistant }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const isComposing = useRef(false);
  const text = store.draft.text.value;
  const isWritable = store.isWritable.value;
  const rules = store.picture.offers.value?.uploads;
  const files = isWritable && rules ? store.chunks.get("files") : undefined;
  const isAsked = store.question.value !== undefined;

  useLayoutEffect(() => {
    if (area.current) growToContent(area.current);
  }, [text]);

  const send = () => {
    store.sendDraft();
    area.current?.focus();
  };
  const keyDown = (event: KeyboardEvent) => {
    // An input method uses Enter and the arrows for itself.
    if (event.isComposing || event.keyCode === 229 || isComposing.current) return;
    if (isPlain(event, "Enter")) {
      event.preventDefault();
      send();
    }
    const step = isPlain(event, "ArrowUp") ? -1 : isPlain(event, "ArrowDown") ? 1 : undefined;
    if (step && area.current && isCaretAtEnd(area.current) && store.recall(step)) event.preventDefault();
  };

  return (
    <div class={isWritable ? "composer" : "composer off"} data-chat-composer>
      {files && rules && <files.Attachments store={store} rules={rules} />}
      <textarea
        ref={area}
        rows={1}
        aria-label="Message"
        placeholder={isAsked ? "Your answer" : isWritable ? `Message ${assistant}`.trim() : ""}
        value={text}
        disabled={!isWritable}
        dir="auto"
        onInput={(event) => {
          store.draft.text.value = event.currentTarget.value;
        }}
        onKeyDown={keyDown}
        onCompositionStart={() => {
          isComposing.current = true;
        }}
        onCompositionEnd={() => {
          isComposing.current = false;
        }}
      />
      <div class="composer-buttons">
        <StopButton store={store} />
        <SendButton store={store} onClick={send} />
      </div>
      <Offered store={store} place="composer" />
    </div>
  );
}

/** There while a turn runs or waits. */
function StopButton({ store }: { store: Store }) {
  const turn = store.current.value;
  if (turn === undefined || !store.isWritable.value) return null;
  return (
    <button
      type="button"
      class="round-button stop"
      aria-label="Stop"
      title="Stop"
      disabled={store.isStopAsked(turn) || store.picture.turn(turn).value?.status === "stopping"}
      onClick={(event) => {
        focusComposer(event);
        store.stop(turn);
      }}
    >
      <StopIcon />
    </button>
  );
}

/** There unless the stop button takes its place: with nothing written, and something to stop. */
function SendButton({ store, onClick }: { store: Store; onClick: () => void }) {
  const { isEmpty, isUploading, text } = store.draft;
  const isAnswer = store.question.value !== undefined; // which takes nothing but the text
  if (isEmpty && store.current.value !== undefined) return null;
  return (
    <button
      type="button"
      class="round-button send"
      aria-label="Send"
      title="Send"
      disabled={(isAnswer ? !text.value.trim() : isEmpty || isUploading.value) || !store.isWritable.value}
      onClick={onClick}
    >
      <SendIcon />
    </button>
  );
}

/** Whether a key was pressed alone. */
export function isPlain(event: KeyboardEvent, key: string): boolean {
  return event.key === key && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
}

function isCaretAtEnd({ selectionStart, selectionEnd, value }: HTMLTextAreaElement): boolean {
  return selectionStart === selectionEnd && selectionEnd === value.length;
}
