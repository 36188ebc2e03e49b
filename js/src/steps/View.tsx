import type { LazyProps } from "../view/LazyItem.tsx";

/** A step as a fold: what went in, what came out, and the steps in it. */
export function View({ item, inside }: LazyProps) {
  if (item.kind !== "step") return null;
  return (
    <details class="step" data-step={item.id} open={item.default_open}>
      <summary>{item.name}</summary>
      <pre>{item.content}</pre>
      {inside}
    </details>
  );
}
