import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

interface Props {
  readonly ms: number;
  readonly children: ComponentChildren;
  /** Shown until then. */
  readonly until?: ComponentChildren;
}

/** Shows its children after a while: what is usually over at once need not be said. */
export function Later({ ms, children, until = null }: Props) {
  const [isDue, setIsDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsDue(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return <>{isDue ? children : until}</>;
}
