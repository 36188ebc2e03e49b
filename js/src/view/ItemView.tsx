import type { Store } from "../store.ts";
import { MessageView } from "./MessageView.tsx";
import { OutputPlace } from "./OutputPlace.tsx";

/** One item of a turn, subscribed to nothing but that item. */
export function ItemView({ store, id }: { store: Store; id: string }) {
  const shown = store.picture.item(id).value;
  if (!shown) return null;
  const { item, edition } = shown;
  if (item.kind === "output") return <OutputPlace store={store} output={item} edition={edition} />;
  return <MessageView store={store} message={item} edition={edition} />;
}
