import type { Shown } from "../picture.ts";
import type { Store } from "../store.ts";
import { Given } from "./Given.tsx";
import { LazyItem } from "./LazyItem.tsx";
import { MessageView } from "./MessageView.tsx";
import { OutputPlace } from "./OutputPlace.tsx";
import { Unbroken } from "./Unbroken.tsx";

/** One item of a turn, subscribed to nothing but that item and the list of those that are shown in it. */
export function ItemView({ store, id }: { store: Store; id: string }) {
  const shown = store.picture.item(id).value;
  if (!shown) return null;
  return (
    <Unbroken text={shown.item.content}>
      <Drawn store={store} {...shown} />
    </Unbroken>
  );
}

function Drawn({ store, item, edition, children }: Shown & { readonly store: Store }) {
  if (item.kind === "output") return <OutputPlace store={store} output={item} edition={edition} />;
  const isGiven = item.kind === "message" && item.type === "user_message";
  const inside =
    children.length > 0 &&
    (isGiven ? <Given {...{ store, ids: children }} /> : <Items {...{ store, ids: children }} />);
  if (item.kind !== "message") return <LazyItem {...{ store, item, edition, inside }} />;
  return (
    <MessageView store={store} message={item} edition={edition}>
      {inside}
    </MessageView>
  );
}

/** Items below each other, in a turn or in another item. Each is rendered again only for reasons of its own. */
export function Items({ store, ids }: { store: Store; ids: readonly string[] }) {
  return (
    <>
      {ids.map((id) => (
        <ItemView key={id} store={store} id={id} />
      ))}
    </>
  );
}
