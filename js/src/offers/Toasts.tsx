import { useEffect, useState } from "preact/hooks";
import type { Toast } from "../protocol.ts";
import type { Store } from "../store.ts";
import { DismissButton } from "../view/DismissButton.tsx";
import { CheckIcon, ErrorIcon } from "../view/icons.tsx";
import { InfoIcon } from "./icons.tsx";

const SHOWN_MS: Readonly<Record<Toast["kind"], number>> = {
  info: 5000,
  success: 5000,
  warning: 8000,
  error: 10_000,
};

const NAMES: Readonly<Record<Toast["kind"], string>> = {
  info: "",
  success: "Done: ",
  warning: "Warning: ",
  error: "Error: ",
};

/** Notices that pass by. The region is there before what it says: a screen reader hears only what changes in one. */
export function Toasts({ store }: { store: Store }) {
  const [toasts, show] = useState<readonly Toast[]>([]);
  const current = store.toasts.value;
  useEffect(() => show(current), [current]);
  return (
    <div class="toasts" role="status">
      {toasts.map((toast) => (
        <Notice key={toast} store={store} toast={toast} />
      ))}
    </div>
  );
}

/** While a pointer or the focus is on it, it stays. */
function Notice({ store: { toasts }, toast }: { store: Store; toast: Toast }) {
  const [isHeld, hold] = useState(false);
  const { message, kind } = toast;
  const drop = () => {
    toasts.value = toasts.value.filter((each) => each !== toast);
  };
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(drop, SHOWN_MS[kind]);
    return () => clearTimeout(timer);
  }, [isHeld]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it does nothing but give time to read.
    <div
      class={`toast ${kind}`}
      onMouseEnter={() => hold(true)}
      onMouseLeave={() => hold(false)}
      onFocusCapture={() => hold(true)}
      onBlurCapture={() => hold(false)}
    >
      {kind === "success" ? <CheckIcon /> : kind === "info" ? <InfoIcon /> : <ErrorIcon />}
      <span class="toast-text" dir="auto">
        <span class="visually-hidden">{NAMES[kind]}</span>
        {message}
      </span>
      <DismissButton onClick={drop} />
    </div>
  );
}
