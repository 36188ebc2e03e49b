import { useRef } from "preact/hooks";
import type { Store } from "../store.ts";
import { CommandMenu } from "./CommandMenu.tsx";
import { CommandButtons, CommandChip } from "./Commands.tsx";
import { ModePickers } from "./ModePickers.tsx";
import { offersOf } from "./offersOf.ts";
import { SettingsButton } from "./SettingsPanel.tsx";
import { useMenu } from "./useMenu.ts";

/** Around the composer: what goes with the text that is written there. */
export function Tools({ store }: { store: Store }) {
  const { commands, modes, settings } = offersOf(store);
  const place = useRef<HTMLDivElement>(null);
  const menu = useMenu(store, place);
  if (!store.isWritable.value || commands.length + modes.length + settings.length === 0) return null;
  return (
    <>
      <CommandChip store={store} />
      <div class="tools" ref={place}>
        {menu.isOpen && <CommandMenu menu={menu} />}
        {settings.length > 0 && <SettingsButton store={store} />}
        {commands.length > 0 && <CommandButtons store={store} menu={menu} />}
        <ModePickers store={store} modes={modes} />
      </div>
    </>
  );
}
