import { useEffect, useRef } from "preact/hooks";
import { namedIcon } from "../icons/NamedIcon.tsx";
import type { Menu } from "./useMenu.ts";

/** The commands to choose from. The composer keeps the focus: see useMenu. */
export function CommandMenu({ menu: { id, commands, active, activate, pick, optionId } }: { menu: Menu }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: "nearest" });
  }, [active]);
  return (
    <div
      ref={list}
      class="command-menu"
      role="listbox"
      id={id}
      aria-label="Commands"
      onMouseDown={(event) => event.preventDefault()} // the focus stays in the composer
    >
      {commands.map((command, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the composer hears the keys.
        // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant tells which one is meant.
        <div
          key={command.id}
          class="command-option"
          role="option"
          id={optionId(index)}
          aria-selected={index === active}
          onMouseMove={() => activate(index)}
          onClick={() => pick(command)}
        >
          {namedIcon(command.icon)}
          <span class="command-name" dir="auto">
            {command.id}
          </span>
          <span class="command-description" dir="auto">
            {command.description}
          </span>
        </div>
      ))}
    </div>
  );
}
