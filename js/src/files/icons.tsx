import { Icon } from "../view/icons.tsx";

export function ClipIcon() {
  return (
    <Icon>
      <path d="M20 11.500 12.200 19.300a5 5 0 0 1-7.100-7.100L13 4.300a3.300 3.300 0 0 1 4.700 4.700L9.900 16.800a1.600 1.600 0 0 1-2.400-2.300L14.500 7.500" />
    </Icon>
  );
}
