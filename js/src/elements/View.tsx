import type { ElementItem } from "../protocol.ts";
import type { LazyProps } from "../view/LazyItem.tsx";
import { Body } from "./Body.tsx";
import { Chip } from "./Chip.tsx";

/** An element where it stands in the conversation. */
export function View({ store, item }: LazyProps) {
  if (item.kind !== "element") return null;
  if (item.display !== "inline") return <Chip store={store} element={item} />;
  return (
    <figure class="element" data-element={item.id} data-type={item.type} data-size={item.size}>
      {hasCaption(item) && <figcaption dir="auto">{item.name}</figcaption>}
      <Body store={store} element={item} />
    </figure>
  );
}

/** A file's name is on its button; a list of tasks needs none, and a component says what it has to say itself. */
function hasCaption({ type, name }: ElementItem): boolean {
  return name !== "" && type !== "file" && type !== "custom" && !(type === "tasklist" && name === "tasklist");
}
