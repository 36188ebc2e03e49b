import type { MessageItem } from "../protocol.ts";
import { AnsiText } from "./AnsiText.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { ErrorIcon } from "./icons.tsx";

/** What went wrong, in one line; the traceback on request. */
export function ErrorCard({ message }: { message: MessageItem }) {
  const { id, author, content, traceback } = message;
  return (
    <article class="message error" aria-label={`Error in ${author}`} data-message={id} tabIndex={-1}>
      <div class="error-line">
        <ErrorIcon />
        <div class="error-text" dir="auto">
          <ErrorText content={content} />
        </div>
      </div>
      {traceback && <Traceback text={traceback} />}
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

function Traceback({ text }: { text: string }) {
  return (
    <details class="traceback" data-chat-chrome>
      <summary>Traceback</summary>
      <div class="traceback-body">
        <AnsiText class="traceback-text" label="Traceback" text={text} />
        <CopyButton label="Copy traceback" text={text} />
      </div>
    </details>
  );
}
