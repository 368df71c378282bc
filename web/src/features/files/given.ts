// What a drop or the clipboard holds. Read at once: afterwards it is empty.
import type { Given } from './attached.svelte';

/** Whether something dragged holds files at all. */
export const holdsFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false;

/** The files and folders of a drop. */
export function givenBy(data: DataTransfer | null): Given[] {
  return [...(data?.items ?? [])].flatMap((item) => {
    const file = item.kind === 'file' ? item.getAsFile() : null;
    return file ? [{ file, folder: item.webkitGetAsEntry?.()?.isDirectory ?? false }] : [];
  });
}

/** The files of a paste; none where there are words to take (a table, a page): those are what was meant. */
export function pastedBy(data: DataTransfer | null): Given[] {
  if (!holdsFiles(data) || data?.getData('text/plain').trim()) return [];
  return givenBy(data);
}
