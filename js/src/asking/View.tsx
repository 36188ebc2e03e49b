import type { LazyProps } from "../view/LazyItem.tsx";
import { ActionButton } from "./ActionButton.tsx";
import { AskLine } from "./AskLine.tsx";

/** A button, or a question that waits for an answer. */
export function View({ store, item }: LazyProps) {
  if (item.kind === "action") return <ActionButton store={store} action={item} />;
  if (item.kind === "ask" && item.type === "text") return <AskLine store={store} ask={item} />;
  const outside = item.kind === "ask" && item.type === "function" ? store.chunks.get("window") : undefined;
  if (outside && item.kind === "ask") return <outside.Call store={store} ask={item} />;
  const files = item.kind === "ask" && item.type === "file" ? store.chunks.get("files") : undefined;
  return files && item.kind === "ask" ? <files.AskFiles store={store} ask={item} /> : null;
}
