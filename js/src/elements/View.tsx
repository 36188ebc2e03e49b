import type { LazyProps } from "../view/LazyItem.tsx";

/** A text, a picture, a file, a table. */
export function View({ item }: LazyProps) {
  if (item.kind !== "element") return null;
  return (
    <figure class="element" data-element={item.id}>
      <figcaption>{item.name}</figcaption>
      <pre>{item.content}</pre>
    </figure>
  );
}
