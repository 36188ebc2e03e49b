import { useState } from "preact/hooks";
import type { MessageItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { ErrorIcon } from "./icons.tsx";

/** What went wrong, in one line; the traceback on request. */
export function ErrorCard({ store, message }: { store: Store; message: MessageItem }) {
  const { id, author, content, traceback } = message;
  return (
    <article class="message error" aria-label={`Error in ${author}`} data-message={id} tabIndex={-1}>
      <div class="error-line">
        <ErrorIcon />
        <div class="error-text" dir="auto">
          <ErrorText content={content} />
        </div>
      </div>
      {traceback && <TracebackFold store={store} text={traceback} />}
    </article>
  );
}

/** "ValueError: no such file": the type stands out. */
function ErrorText({ content }: { content: string }) {
  const [, type, rest] = /^([\w.]+)(:[\s\S]*)?$/.exec(content) ?? [];
  if (type === undefined) return <>{content}</>;
  return (
    <>
      <strong>{type}</strong>
      {rest}
    </>
  );
}

function TracebackFold({ store, text }: { store: Store; text: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const outputs = isOpen ? store.chunks.get("outputs") : undefined;
  return (
    <details
      class="traceback"
      data-chat-chrome
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary>Traceback</summary>
      {outputs && <outputs.Traceback text={text} />}
    </details>
  );
}
