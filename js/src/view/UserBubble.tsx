import type { ComponentChildren } from "preact";

interface Props {
  readonly author: string;
  readonly content: string;
  readonly id?: string;
  readonly time?: string;
  readonly children?: ComponentChildren;
}

/** What the user wrote, as it was written; with files, perhaps nothing. */
export function UserBubble({ author, content, id, time, children }: Props) {
  return (
    <article class="message user" aria-label={author} data-message={id} tabIndex={-1}>
      {content !== "" && (
        <div class="bubble" dir="auto" title={time}>
          {content}
        </div>
      )}
      {children}
    </article>
  );
}
