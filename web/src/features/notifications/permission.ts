/** Calls `look` when what this site may do may have been changed beside the page; until the returned function is called. */
export function watchPermission(look: () => void): () => void {
  addEventListener('focus', look);
  let status: PermissionStatus | undefined;
  navigator.permissions?.query({ name: 'notifications' }).then(
    (found) => {
      status = found;
      status.onchange = look;
    },
    () => undefined,
  );
  return () => {
    removeEventListener('focus', look);
    if (status) status.onchange = null;
  };
}
