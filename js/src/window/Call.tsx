import { useEffect } from "preact/hooks";
import type { AskItem } from "../protocol.ts";
import type { Store } from "../store.ts";

interface Props {
  readonly store: Store;
  readonly ask: AskItem;
}

const called = new WeakMap<Store, Set<string>>();

/** The App calls a function of the page: whoever has one hears an event of the window, and calls back. Nothing to see. */
export function Call({ store, ask }: Props) {
  useEffect(() => {
    const known = called.get(store) ?? new Set();
    called.set(store, known);
    if (known.has(ask.id)) return; // by another view
    known.add(ask.id);
    call(store, ask);
  }, [store, ask.id]);
  return null;
}

/** The event's name and form are Chainlit's. */
function call(store: Store, { id, content: name, args }: AskItem): void {
  const { epoch } = store;
  const isTaken = () => store.epoch !== epoch || store.picture.transcript?.item(id) === undefined;
  const callback = (result: unknown = null) =>
    store.ask({ type: "answer", ask: id, epoch, files: [], values: { result } }, isTaken);
  window.dispatchEvent(new CustomEvent("chainlit-call-fn", { detail: { name, args, callback } }));
}
