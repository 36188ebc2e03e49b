import type { Store } from "../store.ts";
import { CopyButton } from "./CopyButton.tsx";

const EXAMPLE = `import anychat as cl

@cl.on_message
async def reply(message: cl.Message):
    await cl.Message(f"You said {message.content!r}").send()`;

interface Props {
  readonly store: Store;
  readonly assistant: string;
}

/** What stands where nothing was said yet: an invitation, or what is missing for an answer. */
export function EmptyChat({ store, assistant }: Props) {
  const info = store.picture.info.value;
  const { picture, outbox } = store;
  const isSilent = (id: string) => {
    const turn = picture.turn(id).value;
    return turn?.status === "done" && turn.items.length === 0; // an opening that said nothing
  };
  const isEmpty = picture.turnIds.value.every(isSilent) && outbox.value.length === 0;
  if (!info || !isEmpty || info.ended) return null;
  if (!info.has_on_message) return <Hint />;
  return <p class="empty">Write a message to begin the conversation with {assistant}.</p>;
}

function Hint() {
  return (
    <div class="empty hint">
      <p>Nothing answers messages yet. Run this in a cell, and this chat is ready:</p>
      <div class="hint-code">
        <pre>{EXAMPLE}</pre>
        <CopyButton label="Copy example" text={EXAMPLE} />
      </div>
    </div>
  );
}
