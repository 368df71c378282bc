/** The number on the app's icon, where there is one; none for zero. Without a person signed in it is zero. */
export function showBadge(unread: number): void {
  const shown = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
  // iOS refuses until notifications are allowed: Me says so.
  shown?.catch(() => undefined);
}
