/** Moves the caret away and back: what is typed before and after is undone for itself. */
function setApart(area: HTMLTextAreaElement): void {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const away = from > 0 ? 0 : value.length;
  area.setSelectionRange(away, away);
  area.setSelectionRange(from, to);
}

/**
 * Puts a text where the caret stands, or over what is selected, as if it had been typed in one stroke: line breaks are
 * kept, and one undo takes away exactly that. Only the browser's own command keeps what can be undone.
 */
export function insert(area: HTMLTextAreaElement, text: string): void {
  const words = text.replace(/\r\n?/g, '\n');
  area.focus();
  setApart(area);
  if (!document.execCommand?.('insertText', false, words)) {
    area.setRangeText(words, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: words }));
  }
  setApart(area);
}
