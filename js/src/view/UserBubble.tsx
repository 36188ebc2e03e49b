import type { ComponentChildren } from "preact";

interface Props {
  readonly author: string;
  readonly content: string;
  /** What was picked beside the text. */
  readonly command: string | null;
  readonly id?: string;
  readonly time?: string;
  readonly children?: ComponentChildren;
}

/** What the user wrote, as it was written; with files, perhaps nothing. */
export function UserBubble({ author, content, command, id, time, children }: Props) {
  return (
    <article class="message user" aria-label={author} data-message={id} tabIndex={-1}>
      {(content !== "" || command) && (
        <div class="bubble" dir="auto" title={time}>
          {command && <span class="command">{command}</span>}
          {content}
        </div>
      )}
      {children}
    </article>
  );
}
