import { useRef } from "preact/hooks";
import type { Store } from "../store.ts";
import { CloseIcon } from "../view/icons.tsx";
import { SessionView } from "./SessionView.tsx";

/** The state of a chat's session, beside the conversation. */
export function Panel({ store }: { store: Store }) {
  const panel = useRef<HTMLElement>(null);
  const close = () => {
    const opener = panel.current?.closest(".chat")?.querySelector<HTMLElement>(".inspect");
    store.isInspecting.value = false;
    opener?.focus();
  };
  return (
    <aside class="inspector" aria-label="State of the session" ref={panel}>
      <div class="inspector-head">
        <h3>State</h3>
        <button type="button" class="icon-button" aria-label="Close state" title="Close" onClick={close}>
          <CloseIcon />
        </button>
      </div>
      <SessionView store={store} chat={0} />
    </aside>
  );
}
