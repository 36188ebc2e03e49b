import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Field } from "../protocol.ts";
import type { Store } from "../store.ts";
import { focusComposer } from "../view/Composer.tsx";
import { SettingsIcon } from "./icons.tsx";
import { offersOf } from "./offersOf.ts";
import { type SettingsDraft, settingsDraftOf } from "./SettingsDraft.ts";
import { SettingsField } from "./SettingsField.tsx";
import { Tabs } from "./Tabs.tsx";

/** Opens the settings form, and closes it. */
export function SettingsButton({ store }: { store: Store }) {
  const { isOpen } = settingsDraftOf(store);
  return (
    <button
      type="button"
      class="icon-button settings-button"
      aria-label="Settings"
      aria-expanded={isOpen.value}
      title="Settings"
      onClick={() => {
        isOpen.value = !isOpen.value;
      }}
    >
      <SettingsIcon />
    </button>
  );
}

/** The settings form, while it is open. */
export function SettingsPanel({ store }: { store: Store }) {
  const { settings } = offersOf(store);
  const draft = settingsDraftOf(store);
  if (!draft.isOpen.value || settings.length === 0 || !store.isWritable.value) return null;
  return <SettingsForm draft={draft} settings={settings} />;
}

function SettingsForm({ draft, settings }: { draft: SettingsDraft; settings: readonly Field[] }) {
  const form = useRef<HTMLFormElement>(null);
  const tabs = settings.filter(({ type }) => type === "tab");
  const [tab, showTab] = useState(tabs[0]?.id);
  useFocusOf(form);
  const confirm = (event: Event) => {
    event.preventDefault();
    const wrong = form.current?.querySelector<HTMLInputElement>("input:invalid, select:invalid");
    if (!wrong) {
      if (!draft.isOnItsWay) draft.confirm();
      return;
    }
    showTab(wrong.closest<HTMLElement>("[data-tab]")?.dataset.tab ?? tab);
    requestAnimationFrame(() => wrong.reportValidity()); // when its tab is shown
  };
  return (
    <form
      ref={form}
      class="settings"
      aria-label="Settings"
      noValidate
      onSubmit={confirm}
      onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && draft.cancel()}
    >
      <div class="settings-fields">
        {tabs.length > 0 ? (
          <Tabs tabs={tabs} chosen={tab} onChoose={showTab} draft={draft} />
        ) : (
          settings.map((field) => <SettingsField key={field.id} draft={draft} field={field} />)
        )}
      </div>
      <div class="settings-buttons">
        <button type="button" class="text-button" onClick={() => draft.reset()}>
          Reset
        </button>
        <button type="button" class="text-button" onClick={() => draft.cancel()}>
          Cancel
        </button>
        <button type="submit" class="text-button confirm" aria-disabled={draft.isOnItsWay}>
          Confirm
        </button>
      </div>
    </form>
  );
}

/** It is where the user looks when it opens, and it does not take the focus along when it closes. */
function useFocusOf(form: { readonly current: HTMLFormElement | null }): void {
  useLayoutEffect(() => {
    const { current } = form;
    const chat = current?.closest(".chat");
    current
      ?.querySelector<HTMLElement>("input:enabled, select:enabled, textarea:enabled, button")
      ?.focus({ preventScroll: true });
    current?.scrollIntoView?.({ block: "nearest" });
    return () => {
      const active = (current?.getRootNode() as Document | ShadowRoot | undefined)?.activeElement;
      if (!current || !active || !current.contains(active)) return;
      const button = chat?.querySelector<HTMLElement>(".settings-button");
      if (button) button.focus();
      else focusComposer({ currentTarget: current });
    };
  }, [form]);
}
