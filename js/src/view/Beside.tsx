import type { Store } from "../store.ts";

/** What stands beside the conversation, or in its place: elements, once there are some; the session's state. */
export function Beside({ store }: { store: Store }) {
  const hasSome = store.picture.sidebar.value?.elements[0];
  const elements = store.chunks[hasSome ? "get" : "peek"]("elements");
  const inspector = store.isInspecting.value ? store.chunks.get("inspector") : undefined;
  return (
    <>
      {elements && <elements.Beside store={store} />}
      {inspector && <inspector.Panel store={store} />}
    </>
  );
}
