import type { ComponentChildren } from "preact";

/** Line icons on a 24 px grid. They say nothing themselves: the button around them has the name. */
function Icon({ children, size = 20 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
);
export const SendIcon = () => (
  <Icon>
    <path d="M12 19V5M5.5 11.5L12 5l6.5 6.5" />
  </Icon>
);
export const DownIcon = () => (
  <Icon size={16}>
    <path d="M12 5v14M6 13l6 6 6-6" />
  </Icon>
);
export const ClockIcon = ({ size = 20 }: { size?: number }) => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7v5l3 2" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon size={16}>
    <path d="M5 12.5l4.5 4.5L19 7.5" />
  </Icon>
);
export const ChecksIcon = () => (
  <Icon size={16}>
    <path d="M1.5 12.5L6 17l9-9.5M12 16l1 1 9.5-9.5" />
  </Icon>
);
export const WarningIcon = ({ size = 20 }: { size?: number }) => (
  <Icon size={size}>
    <path d="M12 4L2.8 19.5h18.4zM12 10v4M12 17h.01" />
  </Icon>
);
export const CloudOffIcon = () => (
  <Icon size={18}>
    <path d="M3 3l18 18M8 6.6A6 6 0 0 1 17.6 9 4.5 4.5 0 0 1 20.7 16M16.5 18H7a4.5 4.5 0 0 1-1-8.9" />
  </Icon>
);
