import { Later } from "../view/Later.tsx";

const LOADING_SHOWS_MS = 600;

export function Loading() {
  return (
    <Later ms={LOADING_SHOWS_MS}>
      <div class="element-note" role="status">
        Loading…
      </div>
    </Later>
  );
}

/** The kernel forgot it, or its file is gone. */
export function Missing({ name }: { name: string }) {
  return <div class="element-note">The kernel does not give {name || "this element"} any more.</div>;
}
