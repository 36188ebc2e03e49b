import { useEffect, useRef, useState } from "preact/hooks";
import type { Store } from "../store.ts";
import type { BodyProps } from "./Body.tsx";
import { type ComponentApi, componentApi } from "./componentApi.ts";
import { inPeace } from "./inPeace.ts";
import { Loading } from "./Notes.tsx";

type Render = (api: ComponentApi) => unknown;
type State = "loading" | "drawn" | Error;

/** A custom element: the user's own module draws it, in a shadow root of its own. */
export function Component({ store, element: { id, code, name } }: BodyProps) {
  const host = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<State>("loading");
  useEffect(() => {
    if (!host.current || code === null) return undefined;
    setState("loading");
    return draw(store, { id, code, name }, host.current, setState);
  }, [store, id, code, name]);
  return (
    <>
      {state === "loading" && <Loading />}
      {state instanceof Error && (
        <div class="element-note failed" role="alert">
          {name} could not be drawn: {state.message || state.name}
        </div>
      )}
      <div class="element-component" ref={host} />
    </>
  );
}

interface Drawn {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** Begins to draw; returns what takes it away again. */
function draw(
  store: Store,
  { id, code, name }: Drawn,
  host: HTMLElement,
  tell: (state: State) => void,
): () => void {
  const gone = new AbortController();
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const el = document.createElement("div");
  root.replaceChildren(el);
  let clean: unknown;
  const start = async () => {
    const render = renderOf(await store.assets.module(code), name);
    if (gone.signal.aborted) return;
    clean = await render(componentApi(store, id, el, gone.signal));
    if (gone.signal.aborted) call(clean, name);
    else tell("drawn");
  };
  start().catch((error: unknown) => {
    if (gone.signal.aborted) return;
    console.error(`The element ${name} could not be drawn.`, error);
    tell(error instanceof Error ? error : new Error(String(error)));
  });
  return () => {
    gone.abort();
    call(clean, name);
    el.remove();
  };
}

/** What a module draws with: its default export, or the `render` of that, as modules for anywidget have it. */
function renderOf(module: unknown, name: string): Render {
  const { default: exported } = module as { readonly default?: unknown };
  const render =
    typeof exported === "object" && exported !== null ? Reflect.get(exported, "render") : exported;
  if (typeof render === "function") return (api) => Reflect.apply(render, exported, [api]);
  throw new Error(`the module ${name} has no default export that is a function, or has one as render.`);
}

function call(clean: unknown, name: string): void {
  if (typeof clean === "function") inPeace(clean as () => void, `The element ${name} could not clean up.`);
}
