import type { LazyProps } from "../view/LazyItem.tsx";

/** A button, or a question that waits for an answer. */
export function View({ item }: LazyProps) {
  if (item.kind !== "action") return null;
  return (
    <button
      type="button"
      class="action text-button"
      data-action={item.id}
      title={item.tooltip}
      disabled={item.running}
    >
      {item.content || item.name}
    </button>
  );
}
