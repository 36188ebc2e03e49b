import { useEffect } from "preact/hooks";
import type { ElementItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { asideOf } from "./aside.ts";
import type { BodyProps } from "./Body.tsx";
import { BesideIcon, PageIcon } from "./icons.tsx";
import { titleOf } from "./titleOf.ts";

/** What is said within so many milliseconds is said to a reader who is there. */
const JUST_NOW = 15_000;

/** Where an element would stand that is shown beside the conversation, or in its place: what opens it. */
export function Chip({ store, element }: BodyProps) {
  const { id, display } = element;
  const aside = asideOf(store);
  const isOpen = aside.opened.value?.element === id;
  useEffect(() => {
    if (display === "side" && isNew(store, element)) aside.open(id, null);
  }, [store, id, display]);
  return (
    <button
      type="button"
      class="element-chip"
      data-element={id}
      aria-expanded={isOpen}
      onClick={({ currentTarget }) => aside.open(id, currentTarget)}
    >
      {display === "side" ? <BesideIcon /> : <PageIcon />}
      <span dir="auto">{titleOf(element)}</span>
    </button>
  );
}

/** Whether it comes with an answer, and not with a conversation that was there: then it opens by itself. */
function isNew(store: Store, { for_id }: ElementItem): boolean {
  if (store.current.peek() !== undefined) return true;
  const message = for_id === null ? undefined : store.picture.item(for_id).peek()?.item;
  return message?.kind === "message" && Math.abs(Date.now() - Date.parse(message.created_at)) < JUST_NOW;
}
