import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

type OnFiles = (files: readonly File[]) => void;

/**
 * Takes files that are dropped or pasted anywhere in the chat around `place`; without a listener, none.
 *
 * Returns whether files are being dragged over the chat.
 */
export function useDrop(place: RefObject<HTMLElement | null>, onFiles: OnFiles | undefined): boolean {
  const [isOver, setIsOver] = useState(false);
  const take = useRef<OnFiles>(() => {});
  take.current = onFiles ?? take.current;
  const isOn = onFiles !== undefined;
  useLayoutEffect(() => {
    const target = place.current?.closest<HTMLElement>(".chat");
    if (!target || !isOn) return undefined;
    const over = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation(); // the notebook would take it for its own
      setIsOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent) => {
      if (!(relatedTarget instanceof Node && target.contains(relatedTarget))) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      setIsOver(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      take.current([...(event.dataTransfer?.files ?? [])]);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      // Cells of a spreadsheet come as text, and as a picture of themselves.
      if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
      event.preventDefault();
      take.current(files);
    };
    const listening = new AbortController();
    const { signal } = listening;
    target.addEventListener("dragenter", over, { signal });
    target.addEventListener("dragover", over, { signal });
    target.addEventListener("dragleave", leave, { signal });
    target.addEventListener("drop", drop, { signal });
    target.addEventListener("paste", paste, { signal });
    return () => {
      listening.abort();
      setIsOver(false);
    };
  }, [place, isOn]);
  return isOver;
}

function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") ?? false;
}
