// What every widget carries: a loader that fetches the core bundle once per page and hands the model to it.
//
// `initialize` only listens (anywidget waits 2 s for it, and calls it for models that nobody looks at); the
// first view fetches the core and opens the store. A picture that the kernel sends meanwhile is kept for it, with
// what follows: so a page need not ask. State is kept in closures: some hosts share this module between all models,
// and every call gets another proxy of the model.

import type * as Core from "./core.ts";
import type { CustomMessage, Model } from "./model.ts";
import { importFile, receiveFile } from "./registry.ts";

declare const CORE_HASH: string;

interface Context {
  readonly model: Model;
  readonly signal?: AbortSignal;
}

interface ViewContext extends Context {
  readonly el: HTMLElement;
}

interface View {
  readonly el: HTMLElement;
  unmount(): void;
}

interface Chat {
  readonly core: typeof Core;
  readonly store: ReturnType<typeof Core.open>;
}

const SLOW_MS = 1000;
/** After a while the kernel no longer counts on a page that has not said a word. */
const EARLY_MS = 15_000;
const MOST_EARLY = 50;

export default () => {
  const views = new Set<View>();
  const closing = new AbortController();
  let hash = CORE_HASH;
  let chat: Promise<Chat> | undefined;
  let lasting: Model | undefined; // the proxy that a view gets loses its listeners when that view goes
  let early: unknown[] | undefined = []; // the latest picture and what followed it, until there is a store
  let earlyAt = 0;

  async function open(model: Model): Promise<Chat> {
    const ask = () => model.send({ text: JSON.stringify({ type: "get_asset", hash }) });
    const core = (await importFile(hash, ask, closing.signal)) as typeof Core;
    const store = core.open(model, Date.now() - earlyAt < EARLY_MS ? early : []);
    early = undefined;
    return { core, store };
  }

  async function show(model: Model, view: View): Promise<void> {
    const slow = setTimeout(() => say(view, "Waiting for the kernel…"), SLOW_MS);
    chat ??= open(lasting ?? model);
    const opening = chat;
    try {
      const { core, store } = await opening;
      if (chat !== opening || !views.has(view)) return;
      view.el.replaceChildren();
      view.unmount = core.mount(store, view.el);
    } catch (error) {
      if (chat === opening) chat = undefined;
      say(view, `This chat cannot be shown: ${reason(error)} Reload the page, or run the cell again.`);
    } finally {
      clearTimeout(slow);
    }
  }

  function closeStore(): void {
    chat?.then(({ store }) => store.close()).catch(() => {});
    chat = undefined;
  }

  function reload(model: Model, newHash: string): void {
    hash = newHash;
    for (const view of views) view.unmount();
    closeStore();
    for (const view of views) show(model, view);
  }

  return {
    initialize({ model, signal }: Context) {
      lasting = model;
      const receive = (content: unknown, buffers: readonly BlobPart[] = []) => {
        const { type, hash: which } = read(content);
        if (type === "asset") receiveFile(which, buffers[0]);
        if (type === "reload") reload(model, which);
        if (type === "snapshot" && early) [early, earlyAt] = [[], Date.now()];
        if (early && early.length < MOST_EARLY) early.push(content);
      };
      const close = () => {
        model.off("msg:custom", receive);
        closing.abort(new Error("The chat was closed."));
        closeStore();
      };
      model.on("msg:custom", receive);
      signal?.addEventListener("abort", close);
      return close;
    },

    render({ model, el, signal }: ViewContext) {
      const view: View = { el, unmount() {} };
      const close = () => {
        if (views.delete(view)) view.unmount();
      };
      views.add(view);
      signal?.addEventListener("abort", close);
      show(model, view);
      return close;
    },
  };
};

/** The two fields that matter here; the core looks closer. */
function read(content: unknown): { type?: string; hash: string } {
  try {
    return JSON.parse((content as CustomMessage).text);
  } catch {
    return { hash: "" };
  }
}

function say({ el }: View, text: string): void {
  el.textContent = text;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
