import { focusComposer } from "./Composer.tsx";
import { CloseIcon } from "./icons.tsx";

/** Puts a notice away. The button goes with it, and the focus to the composer. */
export function DismissButton({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label="Dismiss"
      title="Dismiss"
      onClick={(event) => {
        focusComposer(event);
        onClick();
      }}
    >
      <CloseIcon />
    </button>
  );
}
