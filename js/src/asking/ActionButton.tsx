import { useComputed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { namedIcon } from "../icons/NamedIcon.tsx";
import type { ActionItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { focusComposer } from "../view/Composer.tsx";
import { click, isClicked } from "./clicks.ts";

interface Props {
  readonly store: Store;
  readonly action: ActionItem;
}

/**
 * A button below a message. While its callback runs, it can be reached and not clicked: the focus stays where it is.
 *
 * Without a label it shows its icon alone; without an icon that is known here, its name.
 */
export function ActionButton({
  store,
  action: { id, name, for_id, content, tooltip, icon, running },
}: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const isAnswer = useComputed(() => isAsked(store, for_id)).value;
  const isBusy = running || isClicked(store, id);
  const picture = namedIcon(icon);
  const label = content || (picture ? "" : name);
  useFocusHandedOn(button);
  return (
    <button
      ref={button}
      type="button"
      class={isAnswer ? "action answer" : "action"}
      data-action={id}
      data-chat-chrome
      data-tooltip={tooltip || undefined}
      title={tooltip}
      aria-label={label ? undefined : tooltip || name}
      aria-busy={isBusy}
      aria-disabled={isBusy}
      disabled={!store.isWritable.value}
      onClick={() => !isBusy && click(store, id)}
    >
      {isBusy ? <span class="spinner" /> : picture}
      {label && (
        <span class="action-label" dir="auto">
          {label}
        </span>
      )}
    </button>
  );
}

/** Whether a callback waits for a click on one of the buttons of a message. */
function isAsked(store: Store, message: string): boolean {
  return store.picture.asks.value.some((id) => {
    const item = store.picture.item(id).value?.item;
    return item?.kind === "ask" && item.type === "action" && item.for_id === message;
  });
}

/** A button that goes away while it has the focus leaves it to the composer. */
function useFocusHandedOn(button: { readonly current: HTMLButtonElement | null }): void {
  useLayoutEffect(() => {
    const { current } = button;
    return () => {
      const root = current?.getRootNode() as Document | ShadowRoot | undefined;
      if (current && root?.activeElement === current) focusComposer({ currentTarget: current });
    };
  }, [button]);
}
