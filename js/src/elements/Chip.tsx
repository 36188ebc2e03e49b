import { useEffect } from "preact/hooks";
import { asideOf } from "./aside.ts";
import type { BodyProps } from "./Body.tsx";
import { BesideIcon, PageIcon } from "./icons.tsx";
import { isNew } from "./isNew.ts";
import { titleOf } from "./titleOf.ts";

/** Where an element would stand that is shown beside the conversation, or in its place: what opens it. */
export function Chip({ store, element }: BodyProps) {
  const { id, display } = element;
  const aside = asideOf(store);
  const isOpen = aside.opened?.element === id;
  useEffect(() => {
    // As soon as it is there, it is there to be read.
    if (display === "side" && isNew(store, element)) aside.offer(element);
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
