import { useId, useRef } from "preact/hooks";
import type { Field } from "../protocol.ts";
import type { SettingsDraft } from "./SettingsDraft.ts";
import { SettingsField } from "./SettingsField.tsx";

interface Props {
  readonly draft: SettingsDraft;
  readonly tabs: readonly Field[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

const STEPS: Readonly<Record<string, -1 | 1>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Inputs in tabs: the arrows lead from one tab to the next. What is in the others stays. */
export function Tabs({ draft, tabs, chosen, onChoose }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    tabs.findIndex((tab) => tab.id === chosen),
    0,
  );
  const keyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (at + step + tabs.length) % tabs.length;
    if (tabs[next]) onChoose(tabs[next].id);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <>
      <div ref={list} class="tabs" role="tablist" aria-label="Settings" onKeyDown={keyDown}>
        {tabs.map((tab, index) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-tab-${index}`}
            aria-selected={index === at}
            aria-controls={`${id}-panel-${index}`}
            tabIndex={index === at ? 0 : -1}
            onClick={() => onChoose(tab.id)}
          >
            <span dir="auto">{tab.label}</span>
          </button>
        ))}
      </div>
      {tabs.map((tab, index) => (
        <div
          key={tab.id}
          role="tabpanel"
          id={`${id}-panel-${index}`}
          aria-labelledby={`${id}-tab-${index}`}
          data-tab={tab.id}
          hidden={index !== at}
        >
          {tab.inputs.map((field) => (
            <SettingsField key={field.id} draft={draft} field={field} />
          ))}
        </div>
      ))}
    </>
  );
}
