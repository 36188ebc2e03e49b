import { namedIcon } from "../icons/NamedIcon.tsx";
import type { Store } from "../store.ts";
import { focusComposer } from "../view/Composer.tsx";
import { CloseIcon } from "../view/icons.tsx";
import { SlashIcon } from "./icons.tsx";
import { offersOf } from "./offersOf.ts";
import type { Menu } from "./useMenu.ts";

/** The command that goes with the message, before its text. */
export function CommandChip({ store }: { store: Store }) {
  const { command } = store.draft;
  const offer = offersOf(store).commands.find(({ id }) => id === command.value);
  if (command.value === null) return null;
  return (
    <span class="command-chip" title={offer?.description ?? ""}>
      {namedIcon(offer?.icon ?? null)}
      <span dir="auto">{command.value}</span>
      <button
        type="button"
        aria-label={`Without ${command.value}`}
        title="Take away"
        onClick={(event) => {
          focusComposer(event);
          command.value = null;
        }}
      >
        <CloseIcon />
      </button>
    </span>
  );
}

/** A button that opens the list of commands, and one for each command that wants it. */
export function CommandButtons({ store, menu }: { store: Store; menu: Menu }) {
  const { command } = store.draft;
  const buttons = offersOf(store).commands.filter(({ button }) => button);
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label="Commands"
        aria-expanded={menu.isOpen}
        title="Commands ( / )"
        onMouseDown={(event) => event.preventDefault()} // the focus stays where it is
        onClick={menu.toggle}
      >
        <SlashIcon />
      </button>
      {buttons.map(({ id, description, icon }) => (
        <button
          key={id}
          type="button"
          class="command-button"
          aria-pressed={command.value === id}
          title={description}
          onClick={(event) => {
            focusComposer(event);
            command.value = command.value === id ? null : id;
          }}
        >
          {namedIcon(icon)}
          <span dir="auto">{id}</span>
        </button>
      ))}
    </>
  );
}
