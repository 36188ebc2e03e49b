import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/**
 * Takes files that are dropped or pasted anywhere in the element around `place` that the selector names.
 *
 * Returns whether files are being dragged over it.
 */
export function useDrop(
  place: RefObject<HTMLElement | null>,
  around: string,
  onFiles: (files: readonly File[]) => void,
): boolean {
  const [isOver, setIsOver] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useLayoutEffect(() => {
    const target = place.current?.closest<HTMLElement>(around);
    if (!target) return undefined;
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
    return () => listening.abort();
  }, [place, around]);
  return isOver;
}

function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") ?? false;
}
