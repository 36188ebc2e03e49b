import { Icon } from "../view/icons.tsx";

export function FileIcon() {
  return (
    <Icon>
      <path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5" />
    </Icon>
  );
}

export function BesideIcon() {
  return (
    <Icon>
      <path d="M4 5h16v14H4zM14 5v14" />
    </Icon>
  );
}

export function PageIcon() {
  return (
    <Icon>
      <path d="M9 5H5v14h14v-4M14 5h5v5M19 5l-8 8" />
    </Icon>
  );
}
