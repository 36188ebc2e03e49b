import type { ComponentChildren } from "preact";
import { asItIs, TextContext } from "../markdown/engines.ts";
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
  /** What belongs to the message: it stands below the text. */
  readonly children: ComponentChildren;
}

export function MessageView(props: Props) {
  const { store, message, children } = props;
  if (!message.is_error && message.type === "assistant_message") return <AssistantMessage {...props} />;
  if (!message.is_error && message.type === "user_message")
    return <UserMessage {...{ store, message, children }} time={timeOf(message)} />;
  return (
    <>
      <OtherMessage {...props} />
      {children}
    </>
  );
}

function OtherMessage({ store, message }: Props) {
  if (message.is_error) return <ErrorCard store={store} message={message} />;
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
}

function AssistantMessage({ store, message, edition, children }: Props) {
  const { id, author, content, language, streaming } = message;
  const isDefaultAuthor = author === store.picture.info.value?.assistant;
  const readText = store.chunks.peek("elements")?.linksIn(store, id) ?? asItIs;
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
        <TextContext.Provider value={readText}>
          <Prose store={store} content={text} edition={edition} streaming={streaming} />
        </TextContext.Provider>
      )}
      {children}
      {!streaming && content !== "" && (
        <div class="message-actions" data-chat-chrome title={timeOf(message)}>
          <CopyButton label="Copy message" text={content} />
          <Feedback store={store} message={message} />
        </div>
      )}
    </article>
  );
}

/** Where the App wants to hear it: what the user thinks of the answer. */
function Feedback({ store, message }: { store: Store; message: MessageItem }) {
  const feedback = store.picture.offers.value?.feedback ? store.chunks.get("feedback") : undefined;
  return feedback ? <feedback.Thumbs store={store} message={message} /> : null;
}

function timeOf({ created_at }: MessageItem): string {
  const time = new Date(created_at);
  return Number.isNaN(time.getTime()) ? "" : time.toLocaleString();
}
