// Which window is laid out how (UI.md), in one place: for the style sheets, as `@media (--phone)`, and for the parts.

/** By name. A phone on its side is a phone; so is a window of 1440 px at 200 %. The smallest iPad (744 px) is none. */
export const LAYOUTS = {
  phone: '(max-width: 699px), (max-width: 1023px) and (max-height: 480px)',
  /** A phone, or a tablet so small that beside the list a thread is no wider than one: its tools are behind the dots. */
  slim: '(max-width: 767px), (max-width: 1023px) and (max-height: 480px)',
  /** The panel beside the thread is a drawer. */
  narrow: '(max-width: 1099px)',
  /** Fingers press here. */
  touch: '(pointer: coarse)',
} as const;
