import type { ComponentChildren } from "preact";
import { focusComposer } from "./Composer.tsx";

interface Props {
  readonly title?: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

/** Words to press, which are gone when what they say is done: the focus goes to the composer. */
export function LinkButton({ onClick, ...rest }: Props) {
  const click = (event: { currentTarget: HTMLElement }) => {
    focusComposer(event);
    onClick();
  };
  return <button type="button" class="link-button" onClick={click} {...rest} />;
}
