import type { ComponentChildren } from "preact";
import { useContext, useState } from "preact/hooks";
import { EnginesContext } from "./engines.ts";
import { hostOf, imageUrl, linkUrl } from "./url.ts";

/** An address may carry the session's data away in its query: from here on it is shown before it is opened. */
const LONGEST_QUERY = 120;
const LOOKS_LIKE_ADDRESS = /^(?:https?:\/\/)?((?:[\p{L}\d-]+\.)+[\p{L}\d-]{2,})(?::\d+)?(?:[/?#]\S*)?$/iu;

interface LinkProps {
  readonly address: string;
  readonly title?: string | undefined;
  /** What the reader sees, as text: compared with where the link goes. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A link, or only its text if its address is refused. */
export function Link({ address, title, label, children }: LinkProps) {
  const url = linkUrl(address);
  if (url === null) return <span class="refused">{children}</span>;
  const Opening = isLong(url) ? LongAnchor : Anchor;
  return (
    <>
      <Opening url={url} title={title ? `${title}\n${url}` : url}>
        {children}
      </Opening>
      {isDisguised(label, url) ? <span class="host"> ({hostOf(url)})</span> : null}
    </>
  );
}

interface AnchorProps {
  readonly url: string;
  readonly title: string;
  readonly class?: string;
  readonly onClick?: (event: Event) => void;
  readonly children: ComponentChildren;
}

function Anchor({ url, ...rest }: AnchorProps) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer" {...rest} />
  );
}

/** The first click shows the whole address, which can then be opened. */
function LongAnchor(props: AnchorProps) {
  const [shown, setShown] = useState(false);
  const show = (event: Event) => {
    event.preventDefault();
    setShown(true);
  };
  if (!shown) return <Anchor {...props} onClick={show} />;
  return (
    <>
      <Anchor {...props} />
      <span class="address">{props.url}</span>
    </>
  );
}

interface ImageProps {
  readonly address: string;
  readonly alt: string;
  readonly title?: string | undefined;
  /** Links cannot hold links: there the chip is only a label. */
  readonly inLink: boolean;
}

/** An image the text brings along, or a chip that tells where it would come from. */
export function Image({ address, alt, title, inLink }: ImageProps) {
  const { imageHosts } = useContext(EnginesContext);
  const source = imageUrl(address, imageHosts);
  if (source !== null) {
    return (
      <img
        src={source}
        alt={alt}
        title={title}
        loading="lazy"
        decoding="async"
        referrerpolicy="no-referrer"
      />
    );
  }
  return <ImageChip url={linkUrl(address)} alt={alt} inLink={inLink} />;
}

function ImageChip({ url, alt, inLink }: { url: string | null; alt: string; inLink: boolean }) {
  const host = url === null ? "" : hostOf(url);
  const label = host ? `${alt || "image"} (${host})` : alt || "image";
  if (url === null || inLink) return <span class="image-chip">{label}</span>;
  const Opening = isLong(url) ? LongAnchor : Anchor;
  return (
    <Opening url={url} title={url} class="image-chip">
      {label}
    </Opening>
  );
}

function isLong(url: string): boolean {
  const { search, hash } = new URL(url);
  return search.length + hash.length > LONGEST_QUERY;
}

/** The text of the link names another host than the one it leads to. */
function isDisguised(label: string, url: string): boolean {
  const named = LOOKS_LIKE_ADDRESS.exec(label.trim())?.[1];
  const host = hostOf(url);
  return named !== undefined && host !== "" && bare(hostOf(`http://${named}`) || named) !== bare(host);
}

const bare = (host: string): string => host.replace(/^www\.|:\d+$/g, "").toLowerCase();
