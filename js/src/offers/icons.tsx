import { Icon } from "../view/icons.tsx";

export function SlashIcon() {
  return (
    <Icon>
      <rect x="4" y="4" width="16" height="16" rx="4" />
      <path d="M14 8.5 10 15.500" />
    </Icon>
  );
}

export function SettingsIcon() {
  return (
    <Icon>
      <path d="M4 7h8M18 7h2M4 12h2M12 12h8M4 17h9M19 17h1" />
      <circle cx="15" cy="7" r="2.2" />
      <circle cx="9" cy="12" r="2.2" />
      <circle cx="16" cy="17" r="2.2" />
    </Icon>
  );
}

export function InfoIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 11v5.500M12 7.600v.1" />
    </Icon>
  );
}
