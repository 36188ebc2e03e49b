import { useEffect } from "preact/hooks";
import { whenIdle } from "../markdown/idle.ts";
import type { Store } from "../store.ts";
import { Dots } from "./Dots.tsx";

/** So many turns are fetched unasked; those before them only when the reader comes near. */
const MOST_UNASKED = 1000;

interface Props {
  readonly store: Store;
  /** Whether all turns that are here are shown: until then there is enough to do. */
  readonly isSettled: boolean;
}

/** The top of a conversation that begins before what is here. */
export function EarlierTurns({ store, isSettled }: Props) {
  const isAsked = store.isGettingEarlier;
  useUnaskedTurns(store, isSettled && !isAsked);
  if (store.earlier.value === 0) return null;
  return (
    <div class="earlier" data-chat-chrome>
      {isAsked ? (
        <Dots />
      ) : (
        <button
          type="button"
          class="link-button"
          onClick={({ currentTarget }) => {
            // The button goes: the focus stays in the conversation.
            currentTarget.closest<HTMLElement>("[role=log]")?.focus({ preventScroll: true });
            store.getEarlier();
          }}
        >
          Show earlier messages
        </button>
      )}
    </div>
  );
}

/** Gets earlier turns while nothing else goes on, so that they are there when the reader scrolls up. */
function useUnaskedTurns(store: Store, mayAsk: boolean): void {
  const count = store.picture.turnIds.value.length;
  const isIdle = store.current.value === undefined;
  const isDue = mayAsk && isIdle && store.earlier.value > 0 && count < MOST_UNASKED;
  // Also when a request was given up, or a piece arrived while this was not looking.
  useEffect(() => (isDue ? whenIdle(() => store.getEarlier()) : undefined), [store, isDue, count]);
}
