// What lies at an address: nothing is fetched from there before the user wants it.

import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import { Link } from "../markdown/Link.tsx";
import { hostOf, linkUrl } from "../markdown/url.ts";
import type { ElementItem } from "../protocol.ts";

/** The web address of an element; nothing for one that must not be opened. */
export function addressOf({ url }: ElementItem): string | null {
  const address = url === null ? null : linkUrl(url);
  return address !== null && /^https?:/.test(address) ? address : null;
}

/** A link to where the element lies. */
export function RemoteLink({ element }: { element: ElementItem }) {
  const address = addressOf(element);
  if (address === null) return <Refused name={element.name} />;
  const label = element.name || address;
  return (
    <div class="element-note">
      <Link address={address} label={label}>
        {label}
      </Link>{" "}
      ({hostOf(address)})
    </div>
  );
}

interface RemoteProps {
  readonly element: ElementItem;
  /** What the user does with it, such as "Play". */
  readonly action: string;
  readonly children: (address: string) => ComponentChild;
}

/** A button that says where it is fetched from; its children once it was pressed. */
export function Remote({ element, action, children }: RemoteProps) {
  const address = addressOf(element);
  const [wanted, setWanted] = useState<string>();
  if (address === null) return <Refused name={element.name} />;
  if (wanted === address) return <>{children(address)}</>;
  return (
    <button type="button" class="text-button" title={address} onClick={() => setWanted(address)}>
      {action} {element.name || "it"} from {hostOf(address)}
    </button>
  );
}

function Refused({ name }: { name: string }) {
  return (
    <div class="element-note">
      {name || "This element"} has no address that can be opened: only complete http and https ones are.
    </div>
  );
}
