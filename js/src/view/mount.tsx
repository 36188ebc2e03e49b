import { render } from "preact";
import type { Store } from "../store.ts";
import { Chat } from "./Chat.tsx";
import { adoptStyles } from "./styles.ts";

/**
 * In a row of widgets, chats share the width evenly, however much was said in them.
 *
 * A width that the notebook's author gave (it stands in the style attribute) goes before.
 */
const IN_A_ROW = `
  :where([data-anychat-view]) { min-width: 0; max-width: 100%; }
  :where([data-anychat-view]:not([style*="width"], [style*="flex"])) { flex: 1 1 0; }
  :where([data-anychat-view][style*="height"]) { --anychat-log-height: none; }
`;

/** An inspector that is a widget of its own. */
function Board({ store }: { store: Store }) {
  const inspector = store.chunks.get("inspector");
  return inspector ? <inspector.Board store={store} /> : null;
}

const KEY_EVENTS = ["keydown", "keypress", "keyup"] as const;

/** Shows the chat in `el`. Returns what takes it away again. */
export function mount(store: Store, el: HTMLElement): () => void {
  const host = makeHost();
  const root = host.attachShadow({ mode: "open" });
  const box = document.createElement("div");
  box.className = "frame";
  const style = document.createElement("style");
  style.textContent = IN_A_ROW;
  el.dataset.anychatView = "";
  adoptStyles(root);
  root.append(box);
  el.append(style, host);
  render(store.isBoard ? <Board store={store} /> : <Chat store={store} />, box);
  const closeView = store.openView();
  return () => {
    closeView();
    render(null, box);
    host.remove();
    style.remove();
  };
}

/**
 * Keys typed in the chat must not reach the notebook, where Shift+Enter runs the cell and letters delete it.
 *
 * Two measures, and both are needed: Notebook 7 looks for the attribute (on the host, as it does not see into
 * the shadow root), JupyterLab prevents line breaks in cells unless the event ends here.
 */
function makeHost(): HTMLElement {
  const host = document.createElement("div");
  host.dataset.lmSuppressShortcuts = "true";
  host.dataset.anychat = "";
  for (const type of KEY_EVENTS) host.addEventListener(type, (event) => event.stopPropagation());
  return host;
}
