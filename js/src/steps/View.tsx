import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { StepItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { fenced } from "../view/fenced.ts";
import { ErrorIcon, NextIcon } from "../view/icons.tsx";
import type { LazyProps } from "../view/LazyItem.tsx";
import { Prose } from "../view/Prose.tsx";
import { duration } from "./duration.ts";
import { iconOf } from "./iconOf.tsx";

/** What is done on the way to an answer: a fold with what went in, what came out, and what was done in it. */
export function View({ store, item, inside }: LazyProps) {
  if (item.kind !== "step") return null;
  const hasContent = item.input !== "" || item.content !== "" || Boolean(inside);
  return hasContent ? (
    <Fold store={store} step={item} inside={inside} />
  ) : (
    <div class={classOf(item)} data-step={item.id}>
      <div class="step-title">
        <Title step={item} />
      </div>
    </div>
  );
}

interface Props {
  readonly store: Store;
  readonly step: StepItem;
  readonly inside: ComponentChildren;
}

function Fold({ store, step, inside }: Props) {
  const isOver = !isRunning(step);
  const [isOpen, setIsOpen] = useState(step.default_open && !(step.auto_collapse && isOver));
  const wasOpened = useRef(isOpen);
  const details = useRef<HTMLDetailsElement>(null);
  const wasOver = useRef(isOver);
  wasOpened.current ||= isOpen;

  useEffect(() => {
    const ends = isOver && !wasOver.current;
    wasOver.current = isOver;
    if (!ends || !step.auto_collapse) return;
    if (details.current) keepFocus(details.current);
    setIsOpen(false);
  }, [isOver, step.auto_collapse]);

  return (
    <details
      ref={details}
      class={classOf(step)}
      data-step={step.id}
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary class="step-title">
        <Title step={step} />
        <NextIcon />
      </summary>
      {wasOpened.current && (
        <div class="step-body">
          {isOpen && <Texts store={store} step={step} />}
          {inside}
        </div>
      )}
    </details>
  );
}

function Title({ step }: { step: StepItem }) {
  const time = duration(step.started_at, step.ended_at);
  return (
    <>
      {step.is_error ? <ErrorIcon /> : iconOf(step)}
      <span class="step-name" dir="auto">
        {isRunning(step) ? `Using ${step.name}…` : `Used ${step.name}`}
      </span>
      {step.is_error && <span class="step-note">failed</span>}
      {time && <span class="step-note">{time}</span>}
    </>
  );
}

function Texts({ store, step }: Omit<Props, "inside">) {
  const { input, content, input_language, language, streaming, is_error } = step;
  return (
    <>
      {input !== "" && (
        <Text store={store} label="Input" text={input} language={input_language} isOpen={streaming} />
      )}
      {content !== "" && (
        <Text
          store={store}
          label={is_error ? "Error" : "Output"}
          text={content}
          language={language}
          isOpen={streaming}
        />
      )}
    </>
  );
}

interface TextProps {
  readonly store: Store;
  readonly label: string;
  readonly text: string;
  readonly language: string | null;
  readonly isOpen: boolean;
}

function Text({ store, label, text, language, isOpen }: TextProps) {
  const content = language === null ? text : fenced(text, language, isOpen);
  const edition = useEdition(content);
  return (
    <section class="step-text" aria-label={label}>
      <div class="step-label" aria-hidden="true">
        {label}
      </div>
      <Prose store={store} content={content} edition={edition} streaming={isOpen} />
    </section>
  );
}

/** Grows when a text changed other than at its end. */
function useEdition(text: string): number {
  const before = useRef({ text, edition: 0 });
  const { text: old, edition } = before.current;
  if (text !== old) before.current = { text, edition: text.startsWith(old) ? edition : edition + 1 };
  return before.current.edition;
}

function isRunning({ started_at, ended_at, streaming }: StepItem): boolean {
  return streaming || (started_at !== null && ended_at === null);
}

function classOf(step: StepItem): string {
  return `step${isRunning(step) ? " running" : ""}${step.is_error ? " failed" : ""}`;
}

/** What is about to be hidden must not take the focus with it. */
function keepFocus(details: HTMLDetailsElement): void {
  const root = details.getRootNode() as Document | ShadowRoot;
  if (details.contains(root.activeElement)) details.querySelector("summary")?.focus();
}
