// The list of commands below the text: a combobox whose input is the composer. The focus stays there; the list only
// hears the keys that are meant for it, before the composer does.

import { useEffect, useId, useState } from "preact/hooks";
import type { CommandOffer } from "../protocol.ts";
import type { Store } from "../store.ts";
import { offersOf } from "./offersOf.ts";

/** The text is the beginning of a command, and nothing else. */
const QUERY = /^\/(\S*)$/;

/** Something that stands in the composer. */
interface Place {
  readonly current: HTMLElement | null;
}

export interface Menu {
  readonly id: string;
  readonly isOpen: boolean;
  readonly commands: readonly CommandOffer[];
  /** The one that Enter picks. */
  readonly active: number;
  readonly toggle: () => void;
  readonly activate: (index: number) => void;
  readonly pick: (command: CommandOffer) => void;
  readonly optionId: (index: number) => string;
}

export function useMenu(store: Store, place: Place): Menu {
  const id = useId();
  const [isCalled, call] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const [left, leave] = useState<string | undefined>(undefined);
  const [at, activate] = useState(0);
  const { text, command } = store.draft;
  const query = QUERY.exec(text.value)?.[1];
  const isTyped = query !== undefined && left !== text.value && store.question.value === undefined;
  const commands = isCalled
    ? offersOf(store).commands
    : isTyped
      ? matching(offersOf(store).commands, query)
      : [];
  const isOpen = isFocused && commands.length > 0;
  const active = Math.min(at, commands.length - 1);
  const optionId = (index: number) => `${id}-${index}`;

  const close = () => {
    call(false);
    leave(text.value);
  };
  const toggle = () => {
    areaNear(place)?.focus();
    if (isOpen) close();
    else call(true);
    activate(0);
  };
  const pick = (picked: CommandOffer) => {
    command.value = picked.id;
    if (query !== undefined) text.value = "";
    call(false);
    areaNear(place)?.focus();
  };
  const press = (event: KeyboardEvent): boolean => {
    const picked = commands[active];
    switch (event.key) {
      case "ArrowDown":
        activate((active + 1) % commands.length);
        return true;
      case "ArrowUp":
        activate((active + commands.length - 1) % commands.length);
        return true;
      case "Enter":
      case "Tab":
        if (picked && !event.shiftKey) pick(picked);
        else close();
        return event.key === "Enter" || !event.shiftKey;
      case "Escape":
        close();
        return true;
      default:
        call(false);
        return false;
    }
  };

  useEffect(() => activate(0), [query]);
  useEffect(() => {
    const area = areaNear(place);
    const composer = area?.parentElement;
    if (!area || !composer) return;
    const keyDown = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229 || event.target !== area) return;
      if (!(isOpen ? press(event) : takesAway(event, store))) return;
      event.preventDefault();
      event.stopPropagation(); // before it reaches the text: capturing, from outside
    };
    const focus = () => setFocused(true);
    const blur = () => {
      setFocused(false);
      call(false);
    };
    if (!isFocused && (area.getRootNode() as Document | ShadowRoot).activeElement === area) focus();
    composer.addEventListener("keydown", keyDown, true);
    area.addEventListener("focus", focus);
    area.addEventListener("blur", blur);
    return () => {
      composer.removeEventListener("keydown", keyDown, true);
      area.removeEventListener("focus", focus);
      area.removeEventListener("blur", blur);
    };
  });
  useEffect(() => {
    const area = areaNear(place);
    if (!area || !isOpen) return;
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "true",
      "aria-controls": id,
      "aria-activedescendant": optionId(active),
    };
    for (const [name, value] of Object.entries(attributes)) area.setAttribute(name, value);
    return () => {
      for (const name of Object.keys(attributes)) area.removeAttribute(name);
    };
  }, [isOpen, active]);

  return { id, isOpen, commands, active, toggle, activate, pick, optionId };
}

/** Commands whose name begins as the user writes; then those that have it somewhere. */
function matching(commands: readonly CommandOffer[], query: string): readonly CommandOffer[] {
  const wanted = query.toLowerCase();
  const place = ({ id }: CommandOffer) => id.toLowerCase().indexOf(wanted);
  const found = commands.filter((command) => place(command) >= 0);
  return [
    ...found.filter((command) => place(command) === 0),
    ...found.filter((command) => place(command) > 0),
  ];
}

/** Backspace before the text takes the command away. */
function takesAway({ key, target }: KeyboardEvent, { draft: { command } }: Store): boolean {
  const { selectionStart, selectionEnd } = target as HTMLTextAreaElement;
  if (key !== "Backspace" || selectionStart !== 0 || selectionEnd !== 0 || command.value === null)
    return false;
  command.value = null;
  return true;
}

function areaNear(place: Place): HTMLTextAreaElement | null | undefined {
  return place.current?.closest("[data-chat-composer]")?.querySelector("textarea");
}
