import { afterEach, vi } from "vitest";

/** jsdom has no layout, so nothing ever resizes. */
class IdleResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= IdleResizeObserver;

afterEach(() => {
  vi.useRealTimers();
});
