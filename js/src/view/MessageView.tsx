import { assertNever } from "../assertNever.ts";
import type { MessageItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { CopyButton } from "./CopyButton.tsx";
import { Dots } from "./Dots.tsx";
import { ErrorCard } from "./ErrorCard.tsx";
import { fenced } from "./fenced.ts";
import { Prose } from "./Prose.tsx";
import { UserMessage } from "./UserMessage.tsx";

interface Props {
  readonly store: Store;
  readonly message: MessageItem;
  readonly edition: number;
}

export function MessageView({ store, message, edition }: Props) {
  if (message.is_error) return <ErrorCard store={store} message={message} />;
  switch (message.type) {
    case "user_message":
      return <UserMessage store={store} message={message} time={timeOf(message)} />;
    case "assistant_message":
      return <AssistantMessage store={store} message={message} edition={edition} />;
    case "system_message":
      return (
        <article
          class="message system"
          aria-label={message.author}
          data-message={message.id}
          title={timeOf(message)}
          dir="auto"
        >
          {message.content}
        </article>
      );
    default:
      return assertNever(message.type);
  }
}

function AssistantMessage({ store, message, edition }: Props) {
  const { id, author, content, language, streaming } = message;
  const isDefaultAuthor = author === store.picture.info.value?.assistant;
  const text = language === null ? content : fenced(content, language, streaming);
  return (
    <article
      class="message assistant"
      aria-label={author}
      aria-busy={streaming}
      data-message={id}
      tabIndex={-1}
      dir="auto"
    >
      {!isDefaultAuthor && (
        <div class="author" data-chat-chrome>
          {author}
        </div>
      )}
      {content === "" && streaming ? (
        <Dots />
      ) : (
        <Prose store={store} content={text} edition={edition} streaming={streaming} />
      )}
      {!streaming && content !== "" && (
        <div class="message-actions" data-chat-chrome title={timeOf(message)}>
          <CopyButton label="Copy message" text={content} />
        </div>
      )}
    </article>
  );
}

function timeOf({ created_at }: MessageItem): string {
  const time = new Date(created_at);
  return Number.isNaN(time.getTime()) ? "" : time.toLocaleString();
}
