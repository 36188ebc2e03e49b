import type { ComponentChildren, TargetedEvent, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ElementItem, Sidebar } from "../protocol.ts";
import type { Store } from "../store.ts";
import { focusComposer, isPlain } from "../view/Composer.tsx";
import { CloseIcon } from "../view/icons.tsx";
import { Unbroken } from "../view/Unbroken.tsx";
import { type Aside, asideOf, besideWith } from "./aside.ts";
import { Body } from "./Body.tsx";
import { elementOf } from "./find.ts";
import { titleOf } from "./titleOf.ts";

/** Chainlit's word for a sidebar that wants much room and no title. */
const CANVAS = "canvas";

/** What was opened: beside the conversation (below it, where it is narrow), or in its place. */
export function Beside({ store }: { store: Store }) {
  const aside = asideOf(store);
  const { opened, sidebar } = aside;
  const element = opened && elementOf(store, opened.element);
  const props = { store, aside, element, opener: opened?.opener };
  return (
    <>
      {element?.display === "side" ? (
        <OpenedPanel {...props} element={element} />
      ) : (
        sidebar && <SidebarPanel store={store} aside={aside} sidebar={sidebar} />
      )}
      {element?.display === "page" && <PagePanel {...props} element={element} />}
    </>
  );
}

interface OpenedProps {
  readonly store: Store;
  readonly aside: Aside;
  readonly element: ElementItem;
  readonly opener: HTMLElement | null | undefined;
}

function OpenedPanel({ store, aside, element, opener }: OpenedProps) {
  return (
    <Panel kind="panel" title="" opener={opener} close={() => aside.close()}>
      {besideWith(store, element).map((each) => (
        <Section key={each.id} store={store} element={each} isWanted={each.id === element.id} />
      ))}
    </Panel>
  );
}

function PagePanel({ store, aside, element, opener }: OpenedProps) {
  const { id, type } = element;
  return (
    <Panel key={id} kind="panel page" title={titleOf(element)} opener={opener} close={() => aside.close()}>
      <div class="element" data-element={id} data-type={type} data-size="large">
        <Body store={store} element={element} />
      </div>
    </Panel>
  );
}

function SidebarPanel({ store, aside, sidebar }: { store: Store; aside: Aside; sidebar: Sidebar }) {
  const isCanvas = sidebar.title === CANVAS;
  return (
    <Panel
      kind={isCanvas ? "panel canvas" : "panel"}
      title={isCanvas ? "" : sidebar.title}
      close={() => aside.closeSidebar(sidebar)}
    >
      {sidebar.elements.map((each) => (
        <Section key={each.id} store={store} element={each} />
      ))}
    </Panel>
  );
}

interface SectionProps {
  readonly store: Store;
  readonly element: ElementItem;
  /** It is the one that was opened: the panel is scrolled to it. */
  readonly isWanted?: boolean;
}

function Section({ store, element, isWanted = false }: SectionProps) {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (isWanted) scrollInside(box.current);
  }, [isWanted]);
  const { id, type, size } = element;
  return (
    <section class="element" data-element={id} data-type={type} data-size={size} ref={box}>
      {type !== "custom" && <h3 dir="auto">{titleOf(element)}</h3>}
      <Unbroken text={element.content}>
        <Body store={store} element={element} />
      </Unbroken>
    </section>
  );
}

interface PanelProps {
  readonly kind: string;
  readonly title: string;
  /** What the reader opened it with: the focus comes here from there, and goes back. */
  readonly opener?: HTMLElement | null | undefined;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

function Panel({ kind, title, opener, close, children }: PanelProps) {
  const closeButton = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (opener) closeButton.current?.focus({ preventScroll: true });
  }, [opener]);
  const leave = (event: TargetedEvent<HTMLElement>) => {
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    else focusComposer(event);
    close();
  };
  const keyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (isPlain(event, "Escape") && !event.defaultPrevented) leave(event);
  };
  return (
    <aside class={kind} aria-label={title || "Beside the conversation"} onKeyDown={keyDown}>
      <div class="panel-head">
        <h2 dir="auto">{title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label="Close"
          title="Close"
          ref={closeButton}
          onClick={leave}
        >
          <CloseIcon />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div class="panel-body" tabIndex={0}>
        {children}
      </div>
    </aside>
  );
}

/** Scrolls the panel, and nothing around it: the notebook stays where it is. */
function scrollInside(element: HTMLElement | null): void {
  const body = element?.closest<HTMLElement>(".panel-body");
  if (element && body)
    body.scrollTop += element.getBoundingClientRect().top - body.getBoundingClientRect().top - 8;
}
