/** What a chat wants to know of the page that it is in. */
export interface PageEvents {
  /** The reader or the network is back: much may have been missed. */
  readonly onBack: () => void;
  /** The page is left. */
  readonly onLeave: () => void;
  /** The page that was left is shown again as it was. */
  readonly onRevived: () => void;
}

/** Reports until the returned function is called. */
export function watchPage({ onBack, onLeave, onRevived }: PageEvents): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const visible = () => document.visibilityState === "visible" && onBack();
  const shown = (event: PageTransitionEvent) => event.persisted && onRevived();
  document.addEventListener("visibilitychange", visible, { signal });
  window.addEventListener("online", onBack, { signal });
  window.addEventListener("pagehide", onLeave, { signal });
  window.addEventListener("pageshow", shown, { signal });
  return () => listening.abort();
}
