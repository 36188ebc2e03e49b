import { useEffect } from "preact/hooks";

/** Leaving the page ends what is on its way; the browser asks whether that is meant. */
export function useAskBack(isBusy: boolean): void {
  useEffect(() => {
    if (!isBusy) return undefined;
    const askBack = (event: Event) => event.preventDefault();
    window.addEventListener("beforeunload", askBack);
    return () => window.removeEventListener("beforeunload", askBack);
  }, [isBusy]);
}
