import { useComputed } from "@preact/signals";
import type { AskItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { LinkButton } from "../view/LinkButton.tsx";

interface Props {
  readonly store: Store;
  readonly ask: AskItem;
}

/** Below a question: that it waits for an answer, and where that is written. */
export function AskLine({ store, ask: { id } }: Props) {
  const isOpen = useComputed(() => store.questions.value.some((question) => question.id === id)).value;
  const isNext = useComputed(() => store.question.value?.id === id).value;
  if (!isOpen) return null; // its answer is on the way
  return (
    <div class="ask" data-ask={id} data-chat-chrome>
      {isNext ? (
        "Waiting for your answer"
      ) : (
        <LinkButton
          onClick={() => {
            store.draft.picked.value = id;
          }}
        >
          Answer this question
        </LinkButton>
      )}
    </div>
  );
}
